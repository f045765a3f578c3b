import type { Pipeline } from '../../pipeline/pipeline.ts';
import type { Facts, Row } from '../task.ts';
import type { TaskBook } from '../task-book.ts';

/** A task per round, so that the rounds of all rows can take turns. */
export function bench(book: TaskBook, { name, file }: Pick<Row, 'name' | 'file'>): string[] {
  const { bench, tools } = book.pipeline;
  if (!bench) return [];
  const { prompt, generate, rounds } = bench;
  const threads = benchThreads(book.pipeline, book.facts);
  return Array.from({ length: rounds }, (_, i) => i + 1).map((round) =>
    book.add('bench', `${name}:${round}`, {
      params: { prompt, generate, round, threads, gpuLayers: tools.gpuLayers, args: tools.args.bench ?? [] },
      inputs: { model: file },
      outputs: [],
      identity: { ...book.build(), machine: book.facts.machine.fingerprint },
      exclusive: true,
    }),
  );
}

export function benchThreads(pipeline: Pipeline, facts: Facts): number {
  const [wanted] = [pipeline.bench?.threads, pipeline.tools.threads].filter((threads) => typeof threads === 'number');
  return wanted ?? facts.machine.cores;
}

/** Why the speed of this row is not wanted; null when it is. */
export function benchExcludes({ bench }: Pipeline, row: string): string | null {
  if (!bench) return 'bench: none';
  if (bench.quants === 'all' || bench.quants.some((name) => name.toLowerCase() === row.toLowerCase())) return null;
  return 'not among bench.quants';
}
