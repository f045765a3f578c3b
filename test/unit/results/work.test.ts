import { expect, test } from 'vitest';
import { workOf } from '../../../src/results/work.ts';
import type { Outcome } from '../../../src/run/outcome.ts';

/** Commands by which somebody else repeats a run. */

test('the same commands of several tasks are said once, with their number and time', () => {
  const bench = ['llama-bench', '-m', 'model.gguf', '-t', '2'];
  const work = workOf(
    new Map([done('bench:Q8_0:1', [bench], 2), done('bench:Q8_0:2', [bench], 3), done('quantize:Q8_0', [['llama-quantize', 'Q8_0']], 1)]),
  );
  expect(work).toEqual([
    { operation: 'bench', task: 'bench:Q8_0:1', tasks: 2, seconds: 5, commands: ['llama-bench -m model.gguf -t 2'] },
    { operation: 'quantize', task: 'quantize:Q8_0', tasks: 1, seconds: 1, commands: ['llama-quantize Q8_0'] },
  ]);
});

test('no path of this machine, no dry run and no provenance key is among them', () => {
  const quantize = [
    'llama-quantize',
    '--override-kv',
    'qpipe.source=str:ab',
    '--override-kv',
    'general.name=str:Mine',
    'in.gguf',
    'out.gguf',
    'Q8_0',
  ];
  const convert = ['convert_hf_to_gguf.py', '/home/me/tools/convert_hf_to_gguf.py', 'Demo', '--outfile', 'it is.gguf'];
  const [made] = workOf(new Map([done('quantize:Q8_0', [['llama-quantize', '--dry-run', 'in.gguf', 'Q8_0'], quantize, convert], 1)]));
  expect(made?.commands).toEqual([
    'llama-quantize --override-kv general.name=str:Mine in.gguf out.gguf Q8_0',
    "convert_hf_to_gguf.py Demo --outfile 'it is.gguf'",
  ]);
});

test('what failed did no work', () => {
  expect(workOf(new Map([['convert', { state: 'skipped', because: 'fetch:model' }]]))).toEqual([]);
});

function done(task: string, commands: string[][], seconds: number): [string, Outcome] {
  const record = {
    v: 1 as const,
    key: 'k',
    task,
    preimage: { op: 'x', opVersion: 1, params: {}, inputs: {}, identity: {} },
    outputs: [],
    result: {},
    commands,
    startedAt: '2026-01-01T00:00:00.000Z',
    seconds,
    threads: 1,
    host: 'h',
  };
  return [task, { state: 'done', record }];
}
