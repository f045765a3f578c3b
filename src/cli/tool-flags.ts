import { resolve } from 'node:path';
import type { Pipeline } from '../pipeline/pipeline.ts';

export interface ToolFlags {
  'llama-cpp'?: string | undefined;
  python?: string | undefined;
  'gpu-layers'?: number | undefined;
}

/** A flag on the command line beats the same setting in the file. */
export function withFlags(pipeline: Pipeline, flags: ToolFlags): Pipeline {
  const { 'llama-cpp': llamaCpp, python, 'gpu-layers': gpuLayers } = flags;
  return {
    ...pipeline,
    tools: {
      ...pipeline.tools,
      ...(llamaCpp === undefined ? {} : { llamaCppPath: resolve(llamaCpp) }),
      ...(python === undefined ? {} : { python }),
      ...(gpuLayers === undefined ? {} : { gpuLayers }),
    },
  };
}
