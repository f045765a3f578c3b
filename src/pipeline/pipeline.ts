import type { ChoiceTask } from '../tools/questions.ts';
import type { Destination } from './destination.ts';
import type { GateSettings } from './gate.ts';
import type { Notification } from './written-notify.ts';
import type { RecommendEntry } from './written-recommend.ts';

/**
 * A pipeline as the rest of qpipe uses it: complete, defaults filled in, paths absolute. `load.ts` makes it from what a person wrote.
 * @template Where where its files are: here or on the Hub as written; all of them here in a `LocalPipeline`
 */
export interface Pipeline<Where extends Somewhere = Somewhere> {
  /** The pipeline's own name: folder under `out/`, file stem by default. */
  name: string;
  /** Absolute path of the YAML file; null for an implied pipeline. */
  file: string | null;
  model: ModelSource<Where>;
  convert: { type: 'auto' | 'f16' | 'bf16' | 'f32' };
  /** What every number is measured against: the converted model (`auto`), or a quant of it. */
  base: 'auto' | TypeName;
  imatrix: ImatrixSource<Where> | null;
  quants: QuantEntry[];
  compare: CompareEntry<Where>[];
  /** The first text ranks and compares; the others show how quants do on further ones. Empty: none is wanted. */
  evaluate: Evaluation<Where>[];
  /** Rows whose weights are measured without their kernels too. */
  arithmetic: TypeName[] | 'all';
  choices: ChoiceQuestions<Where>[];
  bench: BenchSettings | null;
  load: LoadSettings | null;
  samples: SampleSettings | null;
  /** Devices to choose a file for. */
  recommend: RecommendEntry[];
  keep: 'all' | 'passed' | 'none';
  /** Allows quantizing a source that is quantized already. */
  requantize: boolean;
  tools: ToolSettings;
  /** Conditions that the results pass or fail. */
  gates: GateSettings;
  /** Whom to tell how a run ended. */
  notify: Notification[];
  /** Where the files go when all is well. */
  publish: Destination[];
  /** Where each node was written, by JSON pointer (`/quants/2`, `/model/path`); `` (empty) is the document. */
  places: Record<string, Place>;
}

/** Every file that it names lies on this machine, or is stood in for by one with its header and size. */
export type LocalPipeline = Pipeline<Here>;

/** A quant type's name as written or as llama-quantize prints it. Compared without case. */
type TypeName = string;

export interface Place {
  file: string;
  /** Both start at 1. */
  line: number;
  column: number;
}

export type Somewhere = Here | OnHub;

export interface Here {
  path: string;
}

export interface OnHub {
  hub: HubSource;
}

/** A repo of the Hugging Face Hub or a file in it, by a revision that is not resolved yet. */
export interface HubSource {
  type: 'model' | 'dataset';
  /** `owner/name`. */
  repo: string;
  /** Branch, tag or commit. */
  revision: string;
  /** A path in the repo, or the quant type in a GGUF's name; null for the repo as a whole. */
  file: string | null;
}

export type ModelSource<Where extends Somewhere = Somewhere> = {
  /** Weights as the Hub has them, to be converted, or a GGUF. */
  kind: 'folder' | 'gguf';
  name: string | null;
  /** What may be done with a folder that could run code. */
  trust: Trust[];
  /** What is converted beside the text model. */
  companions: Companion[];
  /** A PEFT LoRA that is merged into the model before it is converted. */
  adapter: Where | null;
} & Where;

export type Trust = 'pickle' | 'code';
export type Companion = 'mmproj' | 'mtp';

/** A text file, one that ships with qpipe, or a part of a file that holds texts. */
export type TextSource<Where extends Somewhere = Somewhere> = {
  /** What reports call it: the named text's name, or the file's name. */
  name: string;
  /** Which part of an archive or a table is the text; null for a file that is one. */
  part: TextPart | null;
  /** Set for conversations: the model's own template makes a text of them. */
  chat?: true;
  /** What the file of this machine must be, whatever part of it is the text: sha256. */
  fileSha256?: string;
  /** What the text must be, where somebody vouches for it. */
  expected: { sha256: string; size: number } | null;
} & Where;

/** A text to measure divergence on. */
export interface Evaluation<Where extends Somewhere = Somewhere> {
  /** Part of task names and columns, for all texts but the first. */
  name: string;
  text: TextSource<Where>;
  /** Tokens of a chunk. */
  context: number;
  /** `auto`: until the intervals decide. */
  chunks: number | 'all' | 'auto';
  /** JSON pointer into `places`. */
  at: string;
}

/** Questions with given answers. */
export interface ChoiceQuestions<Where extends Somewhere = Somewhere> {
  task: ChoiceTask;
  file: TextSource<Where>;
  /** At most so many, drawn by the tool: always the same ones. */
  questions: number | 'all';
  at: string;
}

export type TextPart = { member: string } | { column: string };

export type ImatrixSource<Where extends Somewhere = Somewhere> =
  | { kind: 'compute'; text: TextSource<Where>; chunks: number | 'all'; from: 'base' | TypeName; missing: 'error' | 'raise' }
  | ({ kind: 'file'; missing: 'error' | 'raise' } & Where);

/** One item of `quants`, flattened but not yet expanded: sets and aliases are resolved once the binary's types are known. */
export interface QuantEntry {
  /** A type, an alias or a set (`legacy`, `k`, `i`, `publish`, `pi`, `all`), as written. */
  type: string;
  /** Row name and file tag; null means the type itself. */
  name: string | null;
  /** Tensor name patterns (regular expressions over GGUF names, or the logical names `output`, `token_embd`) to ggml types. */
  tensors: Record<string, TypeName>;
  pure: boolean;
  leaveOutput: boolean;
  /** `KEY=TYPE:VALUE` as llama-quantize takes it. */
  overrideKv: string[];
  imatrix: boolean;
  /** JSON pointer into `places`. */
  at: string;
}

export type CompareEntry<Where extends Somewhere = Somewhere> = {
  name: string;
  /** `other`: another model, measured by itself. */
  as: 'same' | 'other';
  at: string;
} & Where;

export interface BenchSettings {
  prompt: number;
  generate: number;
  rounds: number;
  threads: number | 'auto' | 'sweep';
  /** Tokens in the context before a test begins, each once and smallest first; 0 is always among them. */
  depths: number[];
  batch: number;
  ubatch: number;
  warmup: boolean;
  /** Seconds of generation without a pause; null for none. */
  sustained: number | null;
  quants: TypeName[] | 'all';
}

export interface LoadSettings {
  /** Tokens, a multiple of 256. */
  context: number;
  /** ggml type of the KV cache, as llama.cpp's `-ctk` takes it. */
  kvType: string;
  rounds: number;
  mmap: boolean;
  /** Tokens of the prompt that memory is measured with. */
  prompt: number;
  quants: TypeName[] | 'all';
}

/** What the base and every quant answer. */
export interface SampleSettings {
  /** Or the file that holds them. */
  prompts: Prompt[] | Here;
  /** Of an answer, at most. */
  tokens: number;
  /** `auto`: the model's own chat template, where it has one. */
  template: 'auto' | 'none';
  /** A message before every prompt that begins with none of its kind. */
  system: string | null;
}

/** A text to go on with, or a conversation. */
export type Prompt = { name: string; must?: Must } & ({ text: string } | { messages: { role: string; content: string }[] });

/** What every answer has to be: a regular expression that it matches, or JSON. */
export type Must = string | { json: true };

/** Whether the file has to be fetched. */
export function isOnHub(source: Somewhere): source is OnHub {
  return 'hub' in source;
}

type ToolName = 'convert' | 'imatrix' | 'quantize' | 'perplexity' | 'bench' | 'completion';

export interface ToolSettings {
  /** An existing build: a folder with the binaries, a build folder or a checkout. */
  llamaCppPath: string | null;
  /** Extra CMake flags for qpipe's own build, such as `-DGGML_CUDA=ON`. */
  cmake: string[];
  /** The interpreter that makes the converter's environment; null looks on PATH. */
  python: string | null;
  /** Layers handed to the GPU by imatrix, perplexity and bench; null on a build without one. */
  gpuLayers: number | null;
  threads: number | 'auto';
  args: Partial<Record<ToolName, string[]>>;
}
