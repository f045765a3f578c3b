import { afterAll, expect, test, vi } from 'vitest';
import { samples } from '../../../src/cli/commands/samples.ts';
import { resultsWith, rowWith } from '../../support/results.ts';
import { workspace } from '../../support/workspace.ts';

/** `qpipe samples` on saved results. */
const space = workspace();
const answer = { prompt: 'sky', text: 'Because.', tokens: 2, seconds: 0.5, ended: true, repetition: 0, marks: [] };
const asked = resultsWith([rowWith('base', 2e9, 0, 100, { kind: 'base', samples: [answer] })], {
  prompts: { tokens: 64, threads: 2, template: null, prompts: [{ name: 'sky', text: 'Why?' }] },
});
space.write('out/asked/results.json', JSON.stringify(asked));
space.write('other/plain/results.json', JSON.stringify(resultsWith([rowWith('base', 2e9, 0, 100, { kind: 'base' })])));

afterAll(() => space[Symbol.dispose]());

test('shows the answers of a run, or of the newest', async () => {
  expect(await printed('asked')).toMatch(/sky\n {2}Why\?\n\n {2}base \(2 tokens\)\n {4}Because\.\n/);
  expect(await printed(undefined)).toBe(await printed('asked'));
});

test('of a run that asked nothing, says how to ask', async () => {
  await expect(samples({ run: 'plain', out: space.path('other') })).rejects.toThrow(/asks nothing: add `samples: default` to its pipeline/);
});

async function printed(run: string | undefined): Promise<string> {
  let text = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((part) => {
    text += part;
    return true;
  });
  expect(await samples({ run, out: space.path('out') })).toBe(0);
  vi.restoreAllMocks();
  return text;
}
