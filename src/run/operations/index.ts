import type { Op, Task } from '../../plan/task.ts';
import type { Operation } from '../operation.ts';
import { bench } from './bench.ts';
import { convert } from './convert.ts';
import { divergence } from './divergence.ts';
import { imatrix } from './imatrix.ts';
import { logits } from './logits.ts';
import { quantize } from './quantize.ts';

const operations: { [O in Op]: Operation<O> } = { convert, imatrix, logits, quantize, divergence, bench };

export function operationOf<O extends Op>(task: Task<O>): Operation<O> {
  return operations[task.op];
}
