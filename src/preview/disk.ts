import { dirname } from 'node:path';
import { fileSystemOf, freeBytes } from '../free-bytes.ts';
import type { Plan } from '../plan/planned.ts';
import type { Task } from '../plan/task.ts';
import type { Store } from '../store/store.ts';
import { type Download, placeOfDownloads } from './downloads.ts';
import { peakBytes } from './peak-disk.ts';
import type { PreviewTask } from './preview.ts';

export interface Disk {
  /** What the tasks that run will write into the store, all together. */
  toWriteBytes: number;
  /** The most of it that may be there at one time; less when files are not kept. */
  peakBytes: number;
  /** At the store's place. */
  freeBytes: number;
  /** False when a part of it is estimated. */
  exact: boolean;
  /** What has to come from the Hub into its cache. */
  toFetchBytes: number;
  /** File systems that are too small for the whole of it. */
  shortages: Shortage[];
}

interface Shortage {
  folder: string;
  neededBytes: number;
  freeBytes: number;
}

/** The room that a run takes: in the store, and in the Hub's cache, which may be on the same file system. */
export function diskOf(plan: Plan, tasks: PreviewTask[], downloads: Download[], store: Store, threads: number): Disk {
  const written = new Map(tasks.map((task) => [task.id, task.state === 'made' ? 0 : bytesOf(task)]));
  const peak = peakBytes(plan, (id) => written.get(id) ?? 0, threads);
  const toFetchBytes = sum(downloads.map(({ bytesToCome }) => bytesToCome));
  const cache = placeOfDownloads(plan);
  return {
    toWriteBytes: sum([...written.values()]),
    peakBytes: peak,
    freeBytes: freeBytes(store.root),
    exact: tasks.every((task) => task.state === 'made' || isExact(task.outputs, taskOf(plan, task.id))),
    toFetchBytes,
    shortages: shortagesOf([
      { folder: store.root, bytes: peak },
      ...(cache === null ? [] : [{ folder: dirname(cache), bytes: Math.ceil(toFetchBytes * headroom) }]),
    ]),
  };
}

/** Others write to the same disk while a download takes its hours. */
const headroom = 1.05;

function shortagesOf(needs: { folder: string; bytes: number }[]): Shortage[] {
  const systems = new Set(needs.map(({ folder }) => fileSystemOf(folder)));
  return [...systems].flatMap((system) => {
    const here = needs.filter(({ folder }) => fileSystemOf(folder) === system);
    const folder = here[0]?.folder ?? '';
    const neededBytes = sum(here.map(({ bytes }) => bytes));
    const free = freeBytes(folder);
    return neededBytes > free ? [{ folder, neededBytes, freeBytes: free }] : [];
  });
}

function bytesOf({ outputs }: PreviewTask): number {
  return sum(Object.values(outputs).map(({ bytes }) => bytes));
}

/** Whether all that a task writes is known to the byte. */
function isExact(outputs: PreviewTask['outputs'], task: Task | undefined): boolean {
  return task?.outputs.every((name) => outputs[name]?.exact === true) ?? true;
}

function taskOf(plan: Plan, id: string): Task | undefined {
  return plan.tasks.find((task) => task.id === id);
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
