import type { Companion } from '../pipeline/pipeline.ts';
import type { LoraParams } from '../tools/lora.ts';
import type { ChoiceTask } from '../tools/questions.ts';
import type { FileFact, HubOrigin } from './facts.ts';
import type { SampleParams } from './measure/sample-params.ts';
import type { BenchParams, LoadParams, OverheadParams, SustainedParams, SweepParams } from './measure/speed-params.ts';

export type Op =
  | 'fetch'
  | 'merge'
  | 'convert'
  | 'probe'
  | 'render'
  | 'imatrix'
  | 'logits'
  | 'perplexity'
  | 'quantize'
  | 'dequantize'
  | 'divergence'
  | 'choices'
  | 'samples'
  | 'bench'
  | 'sweep'
  | 'sustained'
  | 'load'
  | 'overhead';

/** Where an input comes from: outside, or a named output of another task. */
type Source = FileFact | { task: string; output: string };

export interface Input {
  /** Name in the task's working folder, part of the key when the tool writes or reads it. */
  name: string;
  source: Source;
}

/** One step. A plain value: nothing here was read from disk by the planner. */
export interface Task<O extends Op = Op> {
  /** `quantize:Q4_K_M`; unique in a plan. */
  id: string;
  op: O;
  params: Params[O];
  inputs: Record<string, Input[]>;
  outputs: string[];
  /** Part of the key: the build or converter, platform, and the hardware where it decides results. */
  identity: Record<string, string>;
  /** Tasks that have to end well before this one, although it reads nothing of theirs; no part of the key. */
  after?: string[];
  /** Runs alone on the machine. */
  exclusive: boolean;
  /** Uses the GPU: one such task at a time. */
  gpu: boolean;
}

/** `trunk`: without the layers that predict further tokens, which are in a file of their own. */
export type ModelPart = Companion | 'trunk';

/** What decides a task's outputs beside its inputs. All of it is in the key. */
interface Params {
  fetch: Omit<HubOrigin, 'file' | 'etag'> & { files: { path: string; size: number; etag: string }[] };
  /** An adapter into its model's weights. */
  merge: {
    /** Of the merged embedding; null where their number stays. */
    rows: number | null;
    /** In place of the adapter's config: what the merge is told is what its key says. */
    lora: LoraParams;
  };
  convert: {
    type: 'f16' | 'bf16' | 'f32';
    modelName: string;
    /** Left out: the whole language model, with its layers for further tokens where it has some. */
    part?: ModelPart;
    /** Head of the model card, left out where there is none. What follows it decides nothing. */
    card?: string;
    args: string[];
  };
  /** Whether the tokenizer's files and the converted model speak of the same tokens. */
  probe: Record<string, never>;
  /** Conversations to a text, by the model's own template. */
  render: Record<string, never>;
  imatrix: Inference & {
    chunks: number | 'all';
    /** Set where the text holds special tokens. */
    parseSpecial?: true;
  };
  logits: Inference & ChunksOf;
  perplexity: Inference & ChunksOf;
  quantize: QuantizeParams;
  dequantize: Record<string, never>;
  divergence: Inference & { context: number };
  choices: Inference & { task: ChoiceTask; questions: number | 'all' };
  samples: SampleParams;
  bench: BenchParams;
  sweep: SweepParams;
  sustained: SustainedParams;
  load: LoadParams;
  overhead: OverheadParams;
}

interface ChunksOf {
  context: number;
  chunks: number | 'all';
  /** Set where a text with fewer chunks will do. */
  atMost?: true;
}

export interface Inference {
  gpuLayers: number | null;
  args: string[];
}

export interface QuantizeParams {
  type: string;
  /** Pattern or logical name to ggml type. */
  tensors: Record<string, string>;
  pure: boolean;
  leaveOutput: boolean;
  overrideKv: string[];
  requantize: boolean;
  /** What to do with a tensor that has no entry in the importance matrix. */
  missing: 'error' | 'raise';
  /** Digest of the source, written into the file. */
  source: string;
  /** Digest of the adapter that the source was merged with, written into the file. */
  adapter?: string;
  args: string[];
}
