/** How a model is going to run. */
export interface MemoryUse {
  /** Tokens that the context holds. */
  context: number;
  /** ggml type of keys and values: F16, Q8_0 ... */
  kvType: string;
  /** Tokens computed at once (`-ub`). */
  ubatch: number;
  flashAttention: boolean;
  /** The file is mapped (llama.cpp's way where nothing is said) and not read. */
  mmap: boolean;
  /** For whose kernels weights are laid out anew when the model is loaded; null for none (`--no-repack`, or no such kernels). */
  repack: Instructions | null;
  /** Rows of logits computed at once: `one` for whoever generates; `all` for llama-perplexity, and for what a GPU reserves. */
  logits: 'one' | 'all';
}

/** Families of kernels that want weights in an order of their own. */
export type Instructions = 'avx2' | 'avx512' | 'dotprod';

/** What llama.cpp does on a processor when nothing is said. */
export const usualUse: MemoryUse = {
  context: 4096,
  kvType: 'F16',
  ubatch: 512,
  flashAttention: true,
  mmap: true,
  repack: null,
  logits: 'one',
};
