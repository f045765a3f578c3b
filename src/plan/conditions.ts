import type { BenchSettings } from '../pipeline/pipeline.ts';
import { baseType } from './base.ts';
import type { Machine } from './facts.ts';
import { imatrixInWords } from './imatrix-in-words.ts';
import { benchThreads, orderSeed } from './measure/speed.ts';
import { type Measured, measuredTexts, renderingOf } from './measure/text.ts';

import type { TaskBook } from './task-book.ts';

interface EvaluationConditions {
  text: string;
  sha256: string;
  context: number;
  chunks: number | 'all';
  rendering?: string;
  chosen?: string;
}

/** `threads` is what is asked for; where a sweep decides, the results have what it found. */
interface BenchConditions {
  prompt: number;
  generate: number;
  rounds: number;
  threads: number;
  depths: number[];
  batch: number;
  ubatch: number;
  /** Decides the order of the rows within each round. */
  orderSeed: number;
}

/** What the numbers were measured under; every report carries it. */
export interface Conditions {
  base: string;
  build: string;
  buildId: string;
  /** What the tools print of themselves, and where they were found. */
  version: string;
  origin: 'named' | 'environment' | 'cache' | 'path';
  converter: string | null;
  imatrix: string | null;
  evaluation: EvaluationConditions | null;
  slices?: (EvaluationConditions & { name: string })[];
  bench: BenchConditions | null;
  gpuLayers: number | null;
  args: Record<string, string[]>;
  machine: Machine;
  platform: string;
}

export function conditionsOf(book: TaskBook): Conditions {
  const { pipeline, facts } = book;
  const { bench, tools } = pipeline;
  const [first, ...further] = measuredTexts(book);
  return {
    base: baseType(pipeline, facts),
    build: facts.tools.build.description,
    buildId: facts.tools.build.id,
    version: facts.tools.version,
    origin: facts.tools.origin,
    converter: facts.tools.converter?.description ?? null,
    imatrix: imatrixInWords(pipeline, facts),
    evaluation: first ? evaluationOf(first) : null,
    ...(further.length > 0 ? { slices: further.map((text) => ({ name: text.name, ...evaluationOf(text) })) } : {}),
    bench: bench ? benchOf(bench, benchThreads(pipeline, facts)) : null,
    gpuLayers: tools.gpuLayers,
    args: tools.args as Record<string, string[]>,
    machine: facts.machine,
    platform: facts.platform,
  };
}

function evaluationOf({ text, file, context, chunks }: Measured): NonNullable<Conditions['evaluation']> {
  return { text: text.name, sha256: file.sha256, context, chunks, ...renderingOf(text) };
}

function benchOf({ prompt, generate, rounds, depths, batch, ubatch }: BenchSettings, threads: number): Conditions['bench'] {
  return { prompt, generate, rounds, threads, depths, batch, ubatch, orderSeed };
}
