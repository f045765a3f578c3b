import type { SweepResult } from '../run/operations/sweep.ts';
import type { Sweep } from './schema.ts';

export function sweepOf({ threads, best }: SweepResult, row: string): Sweep {
  return {
    row,
    threads: threads.map((one) => ({ threads: one.threads, promptSpeed: one.promptTps, generationSpeed: one.generateTps })),
    best,
  };
}
