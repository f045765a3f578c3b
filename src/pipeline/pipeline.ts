/** A pipeline as the rest of qpipe uses it: complete, defaults filled in, paths absolute. `load.ts` makes it from what a person wrote. */
export interface Pipeline {
  /** The pipeline's own name: folder under `out/`, file stem by default. */
  name: string;
  /** Absolute path of the YAML file; null for an implied pipeline. */
  file: string | null;
  model: ModelSource;
  convert: { type: 'auto' | 'f16' | 'bf16' | 'f32' };
  /** What every number is measured against: the converted model (`auto`), or a quant of it. */
  base: 'auto' | TypeName;
  imatrix: ImatrixSource | null;
  quants: QuantEntry[];
  compare: CompareEntry[];
  evaluate: { text: TextSource; context: number; chunks: number | 'all' } | null;
  bench: { prompt: number; generate: number; rounds: number; threads: number | 'auto'; quants: TypeName[] | 'all' } | null;
  keep: 'all' | 'passed' | 'none';
  /** Allows quantizing a source that is quantized already. */
  requantize: boolean;
  tools: ToolSettings;
  /** Where each node was written, by JSON pointer (`/quants/2`, `/model/path`); `` (empty) is the document. */
  places: Record<string, Place>;
}

/** A quant type's name as written or as llama-quantize prints it. Compared without case. */
type TypeName = string;

export interface Place {
  file: string;
  /** Both start at 1. */
  line: number;
  column: number;
}

export type ModelSource = { kind: 'folder'; path: string; name: string | null } | { kind: 'gguf'; path: string; name: string | null };

/** A text file, or one that ships with qpipe (`name` is set, `path` is where it lies). */
export interface TextSource {
  path: string;
  /** What reports call it: the named text's name, or the file's name. */
  name: string;
}

export type ImatrixSource =
  | { kind: 'compute'; text: TextSource; chunks: number | 'all'; from: 'base' | TypeName; missing: 'error' | 'raise' }
  | { kind: 'file'; path: string; missing: 'error' | 'raise' };

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

export interface CompareEntry {
  path: string;
  name: string;
  at: string;
}

type ToolName = 'convert' | 'imatrix' | 'quantize' | 'perplexity' | 'bench';

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
