import '../support/own-machine.ts';
import { cpSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { which } from '../../src/spawn.ts';
import { binary, runProgram } from '../support/cli.ts';
import { copyDemo, demo, realTools } from '../support/real-lab.ts';
import { workspace } from '../support/workspace.ts';

/** What a person at a terminal sees: `script` gives the command one. */
const script = which('script');
const space = workspace();

beforeAll(async () => {
  await realTools();
  copyDemo(space, 'model');
  cpSync(demo.calibration, space.path('calibration.txt'));
  cpSync(demo.evaluation, space.path('evaluation.txt'));
});
afterAll(() => space[Symbol.dispose]());

function pipelineWith(quants: unknown[]): string {
  const texts = { imatrix: { text: 'calibration.txt', chunks: 4 }, evaluate: { text: 'evaluation.txt', context: 128, chunks: 8 } };
  return space.write(
    'demo.yaml',
    JSON.stringify({ name: 'demo', model: { path: 'model', name: 'Demo' }, quants, ...texts, bench: 'none' }),
  );
}

async function onTerminal(columns: number) {
  const command = `stty cols ${columns} rows 40; exec "${process.execPath}" "${binary}" run demo.yaml`;
  return await runProgram('script', ['-qec', command, '/dev/null'], { cwd: space.root, env: { TERM: 'xterm', CI: '' } });
}

describe.skipIf(script === null)(
  `on a terminal${script === null ? ' (skipped: the program `script` of util-linux is missing)' : ''}`,
  () => {
    test('a run shows a bar per running task, folds finished groups, and ends with a table that fits', async () => {
      pipelineWith(['Q8_0', 'Q2_K']);
      const { code, stdout } = await onTerminal(100);
      expect(code).toBe(0);
      expect(stdout).toMatch(/█+░* +\d+\/\d+ (chunks|tensors|%)/);
      expect(stdout).toMatch(/✔ KL divergence 3\/3/);
      const table = stdout.split('\n').filter((line) => /^(base \(F16\)|Q8_0|Q2_K) .* ± /.test(line));
      expect(table).toHaveLength(3);
      expect(Math.max(...table.map((line) => line.trimEnd().length))).toBeLessThanOrEqual(100);
    });

    test('a second run has nothing to do and shows the same table', async () => {
      pipelineWith(['Q8_0', 'Q2_K']);
      const { code, stdout } = await onTerminal(100);
      expect(code).toBe(0);
      expect(stdout).toMatch(/KL divergence 3\/3, 3 made already/);
    });

    test('a failure says why, and the exit code is 1', async () => {
      pipelineWith(['Q8_0', { type: 'Q2_K', tensors: { no_such_tensor: 'Q8_0' } }]);
      const { code, stdout } = await onTerminal(100);
      expect(code).toBe(1);
      expect(stdout).toMatch(/matches no tensor of this model/);
      expect(stdout).toMatch(/Q8_0 .* ± /);
    });
  },
);
