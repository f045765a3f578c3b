import { digestOf } from './canonical.ts';
import type { Op, Task } from './task.ts';

/** Raised by hand when an operation's meaning changes, so that older records no longer answer for it. */
const opVersion: Record<Op, number> = {
  fetch: 1,
  merge: 1,
  convert: 1,
  probe: 1,
  render: 1,
  imatrix: 1,
  logits: 1,
  perplexity: 1,
  quantize: 2,
  dequantize: 1,
  divergence: 1,
  choices: 1,
  samples: 1,
  bench: 2,
  sweep: 1,
  sustained: 2,
  load: 1,
  overhead: 1,
};

/** All that decides a task's outputs, and nothing else: no path, thread count, time or name of a row. */
export interface Preimage {
  op: Op;
  opVersion: number;
  params: unknown;
  inputs: Record<string, { name: string; sha256: string }[]>;
  identity: Record<string, string>;
}

/** @param digests sha256 of each input, by role, in the task's order. */
export function preimageOf(task: Task, digests: Record<string, string[]>): Preimage {
  const inputs = Object.entries(task.inputs).map(([role, list]) => [
    role,
    list.map(({ name }, i) => ({ name, sha256: digests[role]?.[i] ?? '' })),
  ]);
  return { op: task.op, opVersion: opVersion[task.op], params: task.params, inputs: Object.fromEntries(inputs), identity: task.identity };
}

export function keyOf(preimage: Preimage): string {
  return digestOf('qpipe.task.v1', preimage);
}
