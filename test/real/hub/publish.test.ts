import '../../support/own-machine.ts';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readGguf } from '../../../src/gguf/header.ts';
import { readSums } from '../../../src/publish/sums.ts';
import type { LlamaCpp } from '../../../src/tools/llama-cpp.ts';
import { qpipe } from '../../support/cli.ts';
import { type LocalHub, startHub } from '../../support/hub/index.ts';
import { type PythonHub, pythonHub, pythonHubEnvironment, pythonHubProblem } from '../../support/python-hub.ts';
import { copyDemo, demo, realTools } from '../../support/real-lab.ts';
import { workspace } from '../../support/workspace.ts';

/** The demo, from its pipeline to what other programs make of the published repo. */
const execute = promisify(execFile);
const space = workspace();
const repo = 'me/Demo-GGUF';
let hub: LocalHub;
let tools: LlamaCpp;

const env = () => ({ HF_ENDPOINT: hub.endpoint, HF_HOME: space.path('hf'), HF_TOKEN: 'hf_x' });
const run = (...args: string[]) => qpipe(args, { cwd: space.root, env: env() });
const sha256 = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');

/** The model goes on with a text: whether the file can be loaded and used. */
async function says(gguf: string): Promise<string> {
  const { stdout } = await execute(tools.binaries.completion, [
    '-m',
    gguf,
    '-p',
    'The village',
    '-n',
    '4',
    '--temp',
    '0',
    '-no-cnv',
    '--no-warmup',
    '-t',
    '2',
  ]);
  return stdout;
}

beforeAll(async () => {
  tools = await realTools();
  hub = await startHub({ partBytes: 1_000_000 });
  copyDemo(space, 'model');
  space.write('model/README.md', readFileSync(`${demo.folder}/README.md`));
  space.write('model/LICENSE', 'MIT, and so on');
  const publish = [{ repo, splitOver: '5M', tag: 'nightly' }, { to: './published' }, { run: ['./count.sh'], files: ['Q4_K_M'] }];
  space.write('count.sh', '#!/bin/sh\ncat > "$(dirname "$0")/told.json"\nls > "$(dirname "$0")/listed.txt"\n');
  await execute('chmod', ['+x', space.path('count.sh')]);
  const pipeline = {
    name: 'nightly',
    model: { path: './model', name: 'Demo' },
    imatrix: { chunks: 4 },
    quants: ['Q4_K_M', 'Q8_0'],
    evaluate: { chunks: 16 },
    bench: 'none',
    publish,
  };
  space.write('nightly.yaml', JSON.stringify(pipeline));
});
afterAll(async () => {
  await hub.close();
  space[Symbol.dispose]();
});

test('a run publishes what passed to every destination; the same once more sends nothing', async () => {
  const ran = await run('run', 'nightly.yaml');
  expect(ran.stderr).toContain(`${repo}: published run`);
  expect(ran.code, ran.stderr).toBe(0);
  expect(readSums(readFileSync(space.path('published/latest/SHA256SUMS'), 'utf8')).size).toBeGreaterThan(5);
  await execute('sha256sum', ['--check', '--quiet', 'SHA256SUMS'], { cwd: realpathSync(space.path('published/latest')) });
  const { files } = JSON.parse(space.read('told.json')) as { files: { path: string }[] };
  expect(files.map(({ path }) => path)).toEqual(
    expect.arrayContaining(['Demo-Q4_K_M.gguf', 'README.md', 'LICENSE', 'qpipe.yaml', 'Modelfile', 'Demo-imatrix.gguf']),
  );
  expect(space.read('listed.txt')).toContain('Demo-Q4_K_M.gguf');

  const requests = hub.requests.length;
  const again = await run('run', 'nightly.yaml');
  expect(again.code).toBe(0);
  expect(again.stderr).toContain('has published the same already');
  expect(hub.requests.slice(requests).filter(({ method }) => method !== 'GET' && method !== 'HEAD')).toEqual([]);
  const asked = await run('publish', 'nightly', '--json');
  expect(asked.code, asked.stderr).toBe(0);
  expect(JSON.parse(asked.stdout)).toMatchObject([{ state: 'unchanged' }, { state: 'unchanged' }, { state: 'published' }]);
});

test('a file above the limit goes in parts', async () => {
  const planned = JSON.parse((await run('publish', 'nightly', '--dry-run', '--json')).stdout) as {
    steps: { what: string; path: string }[];
  }[];
  const parts = planned[0]?.steps.map(({ path }) => path).filter((path) => path.startsWith('Q8_0/')) ?? [];
  expect(parts).toEqual(['Q8_0/Demo-Q8_0-00001-of-00002.gguf', 'Q8_0/Demo-Q8_0-00002-of-00002.gguf']);
});

test('a dry run shows every operation and the card, and changes nothing', async () => {
  const before = hub.requests.filter(({ method }) => method === 'PUT').length;
  const { stdout, code } = await run('publish', 'nightly', '--dry-run');
  expect(code).toBe(0);
  expect(stdout).toContain('skip    Demo-Q4_K_M.gguf');
  expect(stdout).toContain('# Demo GGUF');
  expect(hub.requests.filter(({ method }) => method === 'PUT')).toHaveLength(before);
});

const problem = await pythonHubProblem();
describe.skipIf(problem !== null)(`Python's huggingface_hub${problem === null ? '' : `: ${problem}`}`, () => {
  let python: PythonHub;
  beforeAll(async () => {
    python = await pythonHub();
  });
  const ask = async (script: string) => {
    const { stdout } = await execute(python.python, ['-c', script], { env: pythonHubEnvironment(hub.endpoint, space.path('python')) });
    return stdout.trim();
  };

  test('downloads the repo byte for byte, and llama.cpp runs every file of it', async () => {
    const folder = await ask(`from huggingface_hub import snapshot_download\nprint(snapshot_download('${repo}'))`);
    const sums = readSums(readFileSync(join(folder, 'SHA256SUMS'), 'utf8'));
    for (const [path, digest] of sums) expect(sha256(join(folder, path)), path).toBe(digest);
    expect([...sums.keys()]).toContain('Q8_0/Demo-Q8_0-00001-of-00002.gguf');
    expect(sha256(realpathSync(join(folder, 'Demo-Q4_K_M.gguf')))).toBe(sha256(space.path('out/nightly/Demo-Q4_K_M.gguf')));
    const local = space.path('downloaded');
    await execute('cp', ['-rL', folder, local]);
    for (const path of ['Demo-Q4_K_M.gguf', 'Q8_0/Demo-Q8_0-00001-of-00002.gguf'])
      expect(await says(join(local, path))).toMatch(/The village \S/);
    const whole = await says(space.path('out/nightly/Demo-Q8_0.gguf'));
    expect(await says(join(local, 'Q8_0/Demo-Q8_0-00001-of-00002.gguf'))).toBe(whole);
    expect(readGguf(join(local, 'Q8_0/Demo-Q8_0-00001-of-00002.gguf')).metadata.get('split.count')).toBe(2);
  });

  test("reads the card's fields", async () => {
    const printed = await ask(
      `import json\nfrom huggingface_hub import ModelCard\ncard = ModelCard.load('${repo}')\nprint(json.dumps(card.data.to_dict()))`,
    );
    expect(JSON.parse(printed)).toMatchObject({
      license: 'mit',
      language: ['en'],
      pipeline_tag: 'text-generation',
      library_name: 'gguf',
      quantized_by: 'me',
      tags: ['gguf', 'llama-cpp', 'quantized', 'imatrix'],
    });
  });

  test('finds the tag of the newest build', async () => {
    const printed = await ask(
      `from huggingface_hub import list_repo_refs, model_info\nprint(list_repo_refs('${repo}').tags[0].name, model_info('${repo}').sha == model_info('${repo}', revision='nightly').sha)`,
    );
    expect(printed).toBe('nightly True');
  });
});

test('another build, and the way back', async () => {
  const pipeline = JSON.parse(space.read('nightly.yaml')) as { quants: string[]; publish: unknown };
  pipeline.publish = (pipeline.publish as object[]).slice(0, 2);
  space.write('nightly.yaml', JSON.stringify({ ...pipeline, quants: ['Q4_K_M', 'Q2_K'] }));
  const ran = await run('run', 'nightly.yaml');
  expect(ran.code, ran.stderr).toBe(0);
  const latest = () => readFileSync(space.path('published/latest/SHA256SUMS'), 'utf8');
  expect(latest()).toContain('Demo-Q2_K.gguf');
  const sent = hub.requests.filter(({ method }) => method === 'PUT').length;
  const back = await run('publish', 'nightly', '--rollback');
  expect(back.code, back.stderr).toBe(0);
  expect(hub.requests.filter(({ method }) => method === 'PUT')).toHaveLength(sent);
  expect(latest()).toContain('Demo-Q8_0.gguf');
  expect(latest()).not.toContain('Demo-Q2_K.gguf');
  const again = await run('run', 'nightly.yaml');
  expect(again.stderr).toContain('was taken back');
});
