/** Settings that change numbers are always said, never left to a default that another build may change. */
export interface InferenceArguments {
  threads: number;
  /** Layers for the GPU; null leaves it to a CPU build, which has none. */
  gpuLayers: number | null;
  /** The user's own arguments, last so that they win. */
  extra: string[];
}

/** For llama-perplexity and llama-imatrix. */
export function inferenceArgs({ threads, gpuLayers, extra }: InferenceArguments): string[] {
  const gpu = gpuLayers === null ? [] : ['-ngl', String(gpuLayers)];
  // Without `-fit off` free memory would decide what runs where, and with it the numbers.
  return [
    '-b',
    '2048',
    '-ub',
    '512',
    '-fa',
    'auto',
    '-ctk',
    'f16',
    '-ctv',
    'f16',
    '-fit',
    'off',
    '-t',
    String(threads),
    '-tb',
    String(threads),
    ...gpu,
    ...extra,
  ];
}
