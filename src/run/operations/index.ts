import type { Op, Task } from '../../plan/task.ts';
import type { Operation } from '../operation.ts';
import { bench } from './bench.ts';
import { choices } from './choices.ts';
import { convert } from './convert.ts';
import { dequantize } from './dequantize.ts';
import { divergence } from './divergence.ts';
import { fetch } from './fetch.ts';
import { imatrix } from './imatrix.ts';
import { load } from './load.ts';
import { logits } from './logits.ts';
import { merge } from './merge.ts';
import { overhead } from './overhead.ts';
import { perplexity } from './perplexity.ts';
import { probe } from './probe.ts';
import { quantize } from './quantize.ts';
import { render } from './render.ts';
import { samples } from './samples.ts';
import { sustained } from './sustained.ts';
import { sweep } from './sweep.ts';

const operations: { [O in Op]: Operation<O> } = {
  fetch,
  merge,
  convert,
  probe,
  render,
  imatrix,
  logits,
  dequantize,
  choices,
  quantize,
  perplexity,
  divergence,
  samples,
  bench,
  sweep,
  sustained,
  overhead,
  load,
};

export function operationOf<O extends Op>(task: Task<O>): Operation<O> {
  return operations[task.op];
}
