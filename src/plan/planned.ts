import type { ModelShape } from '../memory/shape.ts';
import type { WeightSplit } from '../memory/split.ts';
import type { Companion } from '../pipeline/pipeline.ts';
import type { RecommendEntry } from '../pipeline/written-recommend.ts';
import type { ChoiceTask } from '../tools/questions.ts';
import type { Conditions } from './conditions.ts';
import type { ResolvedSource } from './facts.ts';
import type { Asked } from './measure/sample-params.ts';
import type { Input, Task } from './task.ts';

/** One line of the report. */
export interface Row {
  name: string;
  kind: 'base' | 'quant' | 'compare';
  /** Another model, which is compared with nothing. */
  isOther: boolean;
  /** The quant type; for a foreign file what its header says. */
  type: string;
  file: Input[];
  /** For a file that no task makes: what is known of it. */
  given: { name: string; bytes: number; bpw: number; sha256: string; tensorTypes: Record<string, number>; split: WeightSplit } | null;
  quantize: string | null;
  divergence: string | null;
  /** The same on the further texts. */
  slices: { name: string; task: string }[];
  /** The same of the row dequantized; null where nobody asked. */
  arithmetic: string | null;
  choices: { task: ChoiceTask; data: string; sha256: string; measure: string }[];
  /** The task that measures another model by itself; null for the base's own files. */
  perplexity: string | null;
  /** Null where nobody asked. */
  samples: string | null;
  bench: string[];
  /** Null where nobody asked. */
  sustained: string | null;
  load: string | null;
  /** The importance matrix it was made with, in words; null without one, and for a file that is not ours. */
  imatrix: string | null;
  /** Why quality or speed is not measured; null when it is. */
  qualityNotMeasured: string | null;
  choicesNotMeasured: string | null;
  /** Null also where nobody asked. */
  samplesNotMeasured: string | null;
  speedNotMeasured: string | null;
  /** Null also where nobody asked. */
  loadNotMeasured: string | null;
  /** File name under out/<pipeline>/; null for a file that is not ours. */
  fileName: string | null;
  /** Remarks that belong to every number of this row: made from a quantized source. */
  marks: string[];
  /** JSON pointer of what asked for it in the pipeline; null for the base. */
  at: string | null;
}

/** A GGUF that people find under out/<pipeline>/. */
export interface KeptFile {
  name: string;
  /** Set for what a model needs beside its quants. */
  companion?: Companion;
  source: { task: string; output: string };
  /** The check without which nobody should have it. */
  check?: string;
}

export interface Plan {
  pipeline: string;
  model: string;
  tasks: Task[];
  rows: Row[];
  files: KeptFile[];
  /** Types that a set left out, with the reason. */
  leftOut: { type: string; reason: string }[];
  /** Sentences that hold for the whole plan: a quantized source, a base that is not the full model. */
  notes: string[];
  /** Empty when nothing comes from the Hub. */
  sources: ResolvedSource[];
  /** The task that sweeps through numbers of threads, and the row that it measures. */
  sweep: { task: string; row: string } | null;
  conditions: Conditions;
  /** Of a model that is a GGUF already. */
  shape: ModelShape | null;
  /** Devices to choose a file for. */
  recommend: RecommendEntry[];
  /** What all rows answer; null where nobody asked. */
  asked: Asked | null;
  /** Where the number of chunks is left to qpipe: how many this plan has, and how many it may become. */
  chunks: { now: number; most: number } | null;
  keep: 'all' | 'passed' | 'none';
  /** Only some of the pipeline's rows were asked for. */
  partial: boolean;
}
