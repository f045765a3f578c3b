import type { BenchSettings, Pipeline } from '../../pipeline/pipeline.ts';
import { digestOf } from '../canonical.ts';
import type { Facts } from '../facts.ts';
import type { Row } from '../planned.ts';
import type { Input, Task } from '../task.ts';
import type { TaskBook } from '../task-book.ts';
import type { Swept } from './sweep.ts';

/** A task per round, so that the rounds of all rows can take turns. */
export function bench(book: TaskBook, { name, file }: Pick<Row, 'name' | 'file'>, swept: Swept | null): string[] {
  const { bench } = book.pipeline;
  if (!bench) return [];
  const { prompt, generate, depths, warmup, rounds } = bench;
  return Array.from({ length: rounds }, (_, i) => i + 1).map((round) =>
    book.add('bench', `${name}:${round}`, {
      params: { prompt, generate, depths, round, warmup, ...benchSetup(book, bench) },
      inputs: benchInputs(file, swept),
      outputs: [],
      identity: speedIdentity(book),
      exclusive: true,
    }),
  );
}

/** What all of llama-bench's measurements share. */
export function benchSetup({ pipeline, facts }: TaskBook, { batch, ubatch, threads }: BenchSettings) {
  const { gpuLayers, args } = pipeline.tools;
  return {
    threads: threads === 'sweep' ? threads : benchThreads(pipeline, facts),
    batch,
    ubatch,
    gpuLayers,
    args: args.bench ?? [],
  };
}

export function benchInputs(model: Input[], swept: Swept | null): Record<string, Input[]> {
  return { model, ...(swept ? { threads: [{ name: 'threads.json', source: { task: swept.task, output: 'threads.json' } }] } : {}) };
}

/** A speed belongs to one build on one machine. */
export function speedIdentity(book: TaskBook): Record<string, string> {
  return { ...book.build(), machine: book.facts.machine.fingerprint };
}

/** Threads where no sweep is asked for. */
export function benchThreads(pipeline: Pipeline, facts: Facts): number {
  const [wanted] = [pipeline.bench?.threads, pipeline.tools.threads].filter((threads) => typeof threads === 'number');
  return wanted ?? facts.machine.cores;
}

/** Why the speed of this row is not wanted; null when it is. */
export function benchExcludes({ bench }: Pipeline, row: string): string | null {
  return bench ? excludes(bench.quants, row, 'bench.quants') : 'bench: none';
}

export function excludes(wanted: string[] | 'all', row: string, where: string): string | null {
  if (wanted === 'all' || wanted.some((name) => name.toLowerCase() === row.toLowerCase())) return null;
  return `not among ${where}`;
}

/** Decides the order within each round. */
export const orderSeed = 1;

/**
 * What needs the machine alone comes last: samples, the sweep, then the rounds, each with all rows in an order of its own, so that neither drift
 * of the machine nor a place in the line prefers one; then loading, and at the end what heats the machine.
 */
export function measuringOrder(tasks: Task[]): Task[] {
  const place = (task: Task) => places.indexOf(task.op as (typeof places)[number]);
  const round = (task: Task) => (task.op === 'bench' ? (task as Task<'bench'>).params.round : 0);
  const lot = (task: Task) => (task.op === 'bench' ? digestOf('qpipe.bench-order.v1', { seed: orderSeed, task: task.id }) : '');
  return tasks
    .filter((task) => task.exclusive)
    .map((task) => ({ task, place: place(task), round: round(task), lot: lot(task) }))
    .sort((a, b) => a.place - b.place || a.round - b.round || (a.lot < b.lot ? -1 : a.lot > b.lot ? 1 : 0))
    .map(({ task }) => task);
}

const places = ['samples', 'sweep', 'bench', 'overhead', 'load', 'sustained'] as const;
