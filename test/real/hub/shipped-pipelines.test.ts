import '../../support/own-machine.ts';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Preview } from '../../../src/index.ts';
import { qpipe, repository } from '../../support/cli.ts';
import { type LocalHub, startHub } from '../../support/hub/index.ts';
import { published, publishForm, publishGgufs } from '../../support/published-models.ts';
import { realTools } from '../../support/real-lab.ts';
import { workspace } from '../../support/workspace.ts';

/** Every pipeline that ships, planned against repos of the same form as the real ones: headers, shapes and names, no weights. */
const space = workspace();
const folder = join(repository, 'pipelines');
const token = 'hf_reader';
let hub: LocalHub;

const plan = async (name: string) => {
  const printed = await qpipe(['plan', join(folder, name), '--json', '--out', space.path('out')], {
    cwd: space.root,
    env: { HF_ENDPOINT: hub.endpoint, HF_HOME: space.path('hf'), HF_TOKEN: token },
  });
  expect(printed.stderr).toBe('');
  expect(printed.code).toBe(0);
  return JSON.parse(printed.stdout) as Preview;
};
const gibibytes = ({ files }: Preview, tag: string) =>
  ((files.find(({ name }) => name.endsWith(`-${tag}.gguf`))?.bytes ?? 0) / 2 ** 30).toFixed(2);

beforeAll(async () => {
  await realTools();
  hub = await startHub({ tokens: [token] });
  for (const name of Object.keys(published)) await publishForm(hub, space, name);
  const llama = published['meta-llama/Llama-2-7b-hf'];
  const qwen = published['Qwen/Qwen2.5-0.5B-Instruct'];
  if (!llama || !qwen) throw new Error('shapes are missing');
  await publishGgufs(hub, space, 'TheBloke/Llama-2-7B-Chat-GGUF', llama, {
    'llama-2-7b-chat.Q2_K.gguf': { type: 'Q2_K', number: 10 },
    'llama-2-7b-chat.Q4_K_M.gguf': { type: 'Q4_K', number: 15 },
    'llama-2-7b-chat.Q6_K.gguf': { type: 'Q6_K', number: 18 },
    'llama-2-7b-chat.Q8_0.gguf': { type: 'Q8_0', number: 7 },
  });
  await publishGgufs(hub, space, 'Qwen/Qwen2.5-0.5B-Instruct-GGUF', qwen, {
    'qwen2.5-0.5b-instruct-q4_k_m.gguf': { type: 'Q5_0', number: 15 },
    'qwen2.5-0.5b-instruct-q5_k_m.gguf': { type: 'Q5_0', number: 17 },
  });
});
afterAll(async () => {
  await hub.close();
  space[Symbol.dispose]();
});

describe('the pipelines that ship', () => {
  test('are these, and each says in its first lines what it is for', () => {
    const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
    expect(files.sort()).toEqual([
      'demo.yaml',
      'existing-ggufs.yaml',
      'llama2-7b.yaml',
      'llama3-8b-scoreboard.yaml',
      'qwen2.5-0.5b.yaml',
      'raspberry-pi.yaml',
      'smollm2-135m.yaml',
    ]);
    for (const file of files) expect(readFileSync(join(folder, file), 'utf8')).toMatch(/^# yaml-language-server: .*\n(#\n)?# .{60,}/);
  });

  test('llama2-7b: the types of the published table, at its sizes', async () => {
    const preview = await plan('llama2-7b.yaml');
    expect(preview.downloads.map(({ repo }) => repo)).toEqual(['meta-llama/Llama-2-7b-hf']);
    expect((preview.disk.toFetchBytes / 1e9).toFixed(1)).toBe('13.5');
    // As published; Q2_K, Q3_K_M and Q4_K_S were of another mix then.
    const tags = ['Q3_K_S', 'Q3_K_L', 'Q4_K_M', 'Q5_K_S', 'Q5_K_M', 'Q6_K'];
    expect(tags.map((tag) => gibibytes(preview, tag))).toEqual(['2.75', '3.35', '3.80', '4.33', '4.45', '5.15']);
    expect(preview.files).toHaveLength(10);
  });

  test('llama3-8b-scoreboard: every type, some twice', async () => {
    const preview = await plan('llama3-8b-scoreboard.yaml');
    expect(preview.files.length).toBe(1 + 27 + 6);
    expect((preview.disk.toFetchBytes / 1e9).toFixed(1)).toBe('16.1');
    expect(preview.files.every(({ bytes }) => (bytes ?? 0) > 1.5e9)).toBe(true);
  });

  test('qwen2.5-0.5b: ours beside the official files', async () => {
    const preview = await plan('qwen2.5-0.5b.yaml');
    expect(preview.downloads.map(({ repo, files }) => [repo, files.length])).toEqual([
      ['Qwen/Qwen2.5-0.5B-Instruct', 4],
      ['Qwen/Qwen2.5-0.5B-Instruct-GGUF', 1],
      ['Qwen/Qwen2.5-0.5B-Instruct-GGUF', 1],
    ]);
    expect(preview.tasks.map(({ id }) => id)).toContain('divergence:official-Q4_K_M');
  });

  test('raspberry-pi: four types of a 0.5B model', async () => {
    const preview = await plan('raspberry-pi.yaml');
    expect(preview.files.map(({ name }) => name)).toEqual(
      ['F16', 'Q2_K', 'Q4_K_M', 'Q5_K_M', 'Q8_0'].map((tag) => `Qwen2.5-0.5B-Instruct-${tag}.gguf`),
    );
  });

  test('smollm2-135m: a first try', async () => {
    const preview = await plan('smollm2-135m.yaml');
    expect(preview.disk.toFetchBytes).toBeLessThan(0.3e9);
    expect(preview.files).toHaveLength(4);
  });

  test('existing-ggufs: nothing is made, three files against the eight bit one', async () => {
    const preview = await plan('existing-ggufs.yaml');
    expect(preview.files).toEqual([]);
    expect(preview.downloads).toHaveLength(4);
    expect(preview.tasks.some(({ id }) => id.startsWith('quantize'))).toBe(false);
    expect(preview.notes.join('\n')).toMatch(/measured against a file that is quantized itself \(Q8_0\)/);
  });

  test('leave no trace beside the Hub cache', () => {
    expect(existsSync(space.path('out'))).toBe(false);
    expect(readdirSync(folder).filter((name) => name.endsWith('.lock.json'))).toEqual([]);
  });
});
