/** The llama.cpp that a run uses: where its programs lie, what they are, and what decides their results. Made by `setup/`. */
export interface LlamaCpp {
  /** Which of the places it was found in. */
  origin: 'named' | 'environment' | 'cache' | 'path';
  /** Absolute paths. */
  binaries: Binaries;
  /** The converter and its interpreter; null when nothing needs converting. */
  converter: Converter | null;
  /** What the tools print of themselves: `0.5.0-dev (build 1, commit de3ff81)`. */
  version: string;
  build: Build;
  /** What llama-quantize can make, from its own usage text. */
  types: QuantType[];
  /** Names of the types that it makes only with an importance matrix, learnt by asking it; null when nobody could ask yet. */
  needImatrix: string[] | null;
}

export interface Binaries {
  quantize: string;
  imatrix: string;
  perplexity: string;
  bench: string;
  completion: string;
}

export interface Converter {
  python: string;
  /** Absolute path of convert_hf_to_gguf.py. */
  script: string;
  /** sha256 over the converter's sources and the versions of the Python packages it uses. */
  id: string;
  /** sha256 over what merges adapters and looks at tokenizers: our scripts, and the versions of the packages that they use. */
  merger: string;
  /** For people: `v0.5.0, torch 2.13.0, transformers 4.57.6`. */
  description: string;
}

export interface Build {
  /** sha256 of what decides the binaries: pin, patches, flags, compiler, CPU features; for a foreign build, of the binaries and libraries themselves. */
  id: string;
  kind: 'native' | 'portable' | 'foreign';
  /** `CPU`, `CUDA`, `Metal`, `Vulkan` ... as the flags or the tools say. */
  backend: string;
  /** For people: `v0.5.0 (de3ff81), native CPU build, g++ 12.2.0`. */
  description: string;
}

export interface QuantType {
  /** As the binary prints it: `Q4_K_M`. */
  name: string;
  /** llama.cpp's number for it; null for COPY. */
  ftype: number | null;
  /** For an alias (`Q4_K`): the type it stands for. */
  aliasOf: string | null;
  /** The binary's own remark: `4.58G, +0.1754 ppl @ Llama-3-8B`. */
  remark: string;
}
