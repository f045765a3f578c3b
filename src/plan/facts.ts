import type { ModelShape } from '../memory/shape.ts';
import type { WeightSplit } from '../memory/split.ts';
import type { Prompt } from '../pipeline/pipeline.ts';
import type { LlamaCpp } from '../tools/llama-cpp.ts';
import type { LoraParams } from '../tools/lora.ts';

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
  /** The file that they were read from; null for those of the pipeline itself. */
  promptsFile: FileFact | null;
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
  split: WeightSplit;
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
  /** Bytes of a GGUF's weights by where they can be put; null for a folder. */
  split: WeightSplit | null;
  /** The head of a folder's model card, which the converter writes into the file: licence, languages, tags. Null without one. */
  card: string | null;
  /** Set when the source is quantized already (FP8, MXFP4, a quantized GGUF): in words. */
  quantized: string | null;
  /** Why perplexity cannot be measured (no causal language model), or null. */
  notCausal: string | null;
  /** What memory depends on, of a GGUF; null for a folder, where the converted file says it. */
  shape: ModelShape | null;
  /** What the headers of the weights and config.json say, for sizes before conversion; null for a GGUF. With an adapter, of the merged model. */
  header: WeightsHeader | null;
  /** What is merged into the model before it is converted. */
  adapter: AdapterFacts | null;
}

/** A PEFT LoRA that fits its model. */
export interface AdapterFacts {
  /** Config and weights, and the tokenizer where it has one. */
  files: FileFact[];
  /** Names of the model's files that hold its weights, and of their index: the merged file stands for them. */
  baseWeights: string[];
  /** Rows of the merged embedding; null where their number stays. */
  rows: number | null;
  /** Its config, as far as it decides the merge. */
  lora: LoraParams;
  /** sha256 over what decides the merged weights and the tokenizer; neither a model card nor how it was trained is in it. */
  digest: string;
  /** Memory that a merge takes, by estimate. */
  memoryBytes: number;
  /** Sentences that people should read before they use it. */
  notes: string[];
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

/** What a source on the Hub was resolved to. */
export interface ResolvedSource {
  /** `model`, `adapter`, `imatrix`, `calibration`, `evaluation`, a further text or a kind of questions, or the name of a compared row. */
  what: string;
  type: 'model' | 'dataset';
  repo: string;
  revision: string;
  commit: string;
}
