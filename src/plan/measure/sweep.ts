import type { ResolvedQuant } from '../../pipeline/quants.ts';
import type { FileMaker } from '../file-maker.ts';
import type { TaskBook } from '../task-book.ts';
import { benchSetup, speedIdentity } from './speed.ts';

/** The thread sweep: its task, and the row that it measures. */
export interface Swept {
  task: string;
  row: string;
}

/**
 * Which number of threads is best, on the smallest quant; null where nobody asked. The digest of that file is in the key as all else is:
 * a tiny model is best served by other numbers than a large one.
 */
export function sweep(book: TaskBook, files: FileMaker, quants: ResolvedQuant[]): Swept | null {
  const { bench } = book.pipeline;
  if (bench?.threads !== 'sweep' || book.facts.model.notCausal) return null;
  const [smallest] = quants.toSorted((a, b) => bitsOf(a.type) - bitsOf(b.type));
  const model = smallest ? [{ name: 'model.gguf', source: { task: files.quantize(smallest), output: 'quant.gguf' } }] : files.base;
  const task = book.add('sweep', null, {
    params: { ...benchSetup(book, bench), prompt: sweepPrompt, generate: sweepGenerate, threads: candidates(book.facts.machine.cores) },
    inputs: { model },
    outputs: ['threads.json'],
    identity: speedIdentity(book),
    exclusive: true,
  });
  return { task, row: smallest?.name ?? 'base' };
}

/** Enough to tell two numbers of threads apart, and short: a single thread takes long. */
const sweepPrompt = 128;
const sweepGenerate = 32;

/** All up to four, then every second, fourth ... as steps become smaller than what can be told apart; the number of cores always. */
function candidates(cores: number): number[] {
  const all = Array.from({ length: cores }, (_, i) => i + 1);
  return all.filter((n) => n <= 4 || n === cores || n % 2 ** Math.floor(Math.log2(n) - 1) === 0);
}

/** The digits in a type's name: a rule of thumb, good enough to find a small file before there are files. */
function bitsOf(type: string): number {
  return Number(/\d+/.exec(type)?.[0] ?? Number.POSITIVE_INFINITY);
}
