import type { ModelShape } from '../memory/shape.ts';
import type { Companion, Prompt } from '../pipeline/pipeline.ts';
import type { RecommendEntry } from '../pipeline/written-recommend.ts';
import type { LlamaCpp } from '../tools/llama-cpp.ts';
import type { ChoiceTask } from '../tools/questions.ts';
import type { Asked, SampleParams } from './measure/sample-params.ts';
import type { BenchParams, LoadParams, OverheadParams, SustainedParams, SweepParams } from './measure/speed-params.ts';

/** A file from outside the store, as it was when the facts were gathered. */
export interface FileFact {
  /** Logical name, which a tool may see; never a path. */
  name: string;
  path: string;
  sha256: string;
  size: number;
  /** Set for a file of the Hub: it may not be here yet. */
  hub?: HubOrigin;
  /** A file here with the same header and size, for who only looks at it. */
  standIn?: string;
  /** Its bytes are not here, or not what they should be. */
  isMissing?: boolean;
  /** The task that brings it. */
  fetch?: string;
}

/** A file of a repo, pinned. */
export interface HubOrigin {
  type: 'model' | 'dataset';
  /** `owner/name`. */
  repo: string;
  /** As asked for. */
  revision: string;
  commit: string;
  /** Path in the repo. */
  file: string;
  /** What the Hub calls these bytes: their sha256, or git's id of a small file. */
  etag: string;
}

/** Everything from outside that a plan depends on. */
export interface Facts {
  sources: ResolvedSource[];
  tools: LlamaCpp;
  model: ModelFacts;
  calibration: FileFact | null;
  /** By index of the pipeline's `evaluate`. */
  evaluations: FileFact[];
  /** By index of the pipeline's `choices`. */
  choices: FileFact[];
  /** What every row shall answer; null where nobody asked. */
  prompts: Prompt[] | null;
  /** A given importance matrix. */
  imatrix: FileFact | null;
  /** By index of the pipeline's `compare`. */
  compare: GgufFacts[];
  machine: Machine;
  /** `linux-x64`. */
  platform: string;
}

/** A GGUF from outside, split or not. */
export interface GgufFacts {
  files: FileFact[];
  /** Bits per weight. */
  bpw: number;
  /** How many weights it has. */
  parameters: number;
  /** Type of most of its weights, as its header says. */
  weights: string;
  /** How many tensors have which type. */
  tensorTypes: Record<string, number>;
}

export interface ModelFacts {
  /** Name for files and for `general.name`: from the pipeline, the repo or the file; never a folder's. */
  name: string;
  /** What convert reads, or the shards of a GGUF. */
  files: FileFact[];
  /** sha256 over names and digests of the files that decide the weights and the tokenizer; a README is not among them. */
  digest: string;
  experts: boolean;
  parameters: number;
  /** Type of the weights as stored: `BF16`, `F16`, `Q4_K_M` ... */
  weights: string;
  /** Bits per weight of a GGUF; null for a folder. */
  bpw: number | null;
  /** How many tensors of a GGUF have which type; null for a folder. */
  tensorTypes: Record<string, number> | null;
  /** Set when the source is quantized already (FP8, MXFP4, a quantized GGUF): in words. */
  quantized: string | null;
  /** Why perplexity cannot be measured (no causal language model), or null. */
  notCausal: string | null;
  /** What memory depends on, of a GGUF; null for a folder, where the converted file says it. */
  shape: ModelShape | null;
  /** What the headers of the weights and config.json say, for sizes before conversion; null for a GGUF. */
  header: WeightsHeader | null;
}

export interface WeightsHeader {
  /** Shapes as stored: the row length last. */
  tensors: { name: string; shape: number[] }[];
  config: Record<string, unknown>;
}

/** What decides a speed: two results with different fingerprints are never compared. */
export interface Machine {
  cpu: string;
  cores: number;
  memoryBytes: number;
  os: string;
  /** sha256 over the fields above and what else was readable (governor, maximum frequency). */
  fingerprint: string;
}

export type Op =
  | 'fetch'
  | 'convert'
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
  convert: {
    type: 'f16' | 'bf16' | 'f32';
    modelName: string;
    /** Left out: the whole language model, with its layers for further tokens where it has some. */
    part?: ModelPart;
    args: string[];
  };
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
  args: string[];
}

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
  given: { name: string; bytes: number; bpw: number; sha256: string; tensorTypes: Record<string, number> } | null;
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
}

/** What a source on the Hub was resolved to. */
export interface ResolvedSource {
  /** `model`, `imatrix`, `calibration`, `evaluation`, a further text or a kind of questions, or the name of a compared row. */
  what: string;
  type: 'model' | 'dataset';
  repo: string;
  revision: string;
  commit: string;
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
