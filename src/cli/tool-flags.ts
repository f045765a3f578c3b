import { resolve } from 'node:path';
import { UserError } from '../errors.ts';
import type { Pipeline, ToolSettings } from '../pipeline/pipeline.ts';

/** Settings of the tools on the command line. */
export interface ToolFlags {
  'llama-cpp'?: string | undefined;
  cmake?: string[] | undefined;
  python?: string | undefined;
  'gpu-layers'?: number | undefined;
  threads?: number | undefined;
  offline?: boolean | undefined;
}

/** A flag beats the environment (QPIPE_CMAKE, QPIPE_GPU_LAYERS, QPIPE_THREADS), which beats the file. */
export function withFlags(pipeline: Pipeline, flags: ToolFlags): Pipeline {
  return { ...pipeline, tools: { ...pipeline.tools, ...toolSettings(flags) } };
}

/** QPIPE_LLAMA_CPP and QPIPE_PYTHON are not read here: where tools are looked for is the set-up's to decide. */
export function toolSettings({ 'llama-cpp': llamaCpp, cmake, python, 'gpu-layers': gpuLayers, threads }: ToolFlags): Partial<ToolSettings> {
  const flags = cmake ?? process.env['QPIPE_CMAKE']?.split(/\s+/).filter(Boolean);
  const layers = gpuLayers ?? numberFrom('QPIPE_GPU_LAYERS');
  const wanted = threads ?? numberFrom('QPIPE_THREADS');
  return {
    ...(llamaCpp === undefined ? {} : { llamaCppPath: resolve(llamaCpp) }),
    ...(flags === undefined ? {} : { cmake: flags }),
    ...(python === undefined ? {} : { python }),
    ...(layers === undefined ? {} : { gpuLayers: wholeNumber(layers, '--gpu-layers', 0) }),
    ...(wanted === undefined ? {} : { threads: wholeNumber(wanted, '--threads', 1) }),
  };
}

function numberFrom(variable: string): number | undefined {
  const value = process.env[variable];
  return value === undefined || value === '' ? undefined : Number(value);
}

function wholeNumber(value: number, flag: string, least: number): number {
  if (!Number.isInteger(value) || value < least) throw new UserError(`${flag} takes a whole number of at least ${least}`);
  return value;
}

/** Whether nothing may be fetched: the flag, QPIPE_OFFLINE, or the Hub's own HF_HUB_OFFLINE. */
export function isOffline({ offline }: ToolFlags, env: NodeJS.ProcessEnv): boolean {
  return offline === true || isTrue(env['QPIPE_OFFLINE']) || isTrue(env['HF_HUB_OFFLINE']);
}

function isTrue(value: string | undefined): boolean {
  return value !== undefined && /^(1|true|yes|on)$/i.test(value);
}
