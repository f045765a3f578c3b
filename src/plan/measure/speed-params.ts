/** How llama-bench runs, whatever it measures. */
interface BenchSetup {
  /** `sweep`: those that the thread sweep found best, which is an input. */
  threads: number | 'sweep';
  batch: number;
  ubatch: number;
  gpuLayers: number | null;
  args: string[];
}

export interface BenchParams extends BenchSetup {
  prompt: number;
  generate: number;
  /** Tokens in the context before a test begins; 0 is the first. */
  depths: number[];
  round: number;
  /** A round that does not count comes before the first one of a run. */
  warmup: boolean;
}

export interface SweepParams extends Omit<BenchSetup, 'threads'> {
  prompt: number;
  generate: number;
  /** Numbers of threads to try. */
  threads: number[];
}

export interface SustainedParams extends BenchSetup {
  generate: number;
  seconds: number;
}

/** How llama-completion runs when its load and its memory are measured. */
export interface LoadParams {
  context: number;
  /** ggml type of the KV cache. */
  kvType: string;
  rounds: number;
  mmap: boolean;
  /** Tokens of the prompt that memory is measured with. */
  prompt: number;
  threads: number;
  ubatch: number;
  gpuLayers: number | null;
  args: string[];
}

/** The same for a model that is nearly nothing: what remains is the process. */
export type OverheadParams = Pick<LoadParams, 'threads' | 'gpuLayers' | 'args'>;
