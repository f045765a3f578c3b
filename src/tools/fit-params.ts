import { withoutPrefix } from './tool.ts';

export interface FitParamsArguments {
  model: string;
  context: number;
  /** ggml type of the KV cache. */
  kvType: string;
  ubatch: number;
  gpuLayers: number | null;
}

/** Asks for memory alone. With repacking the weights would lie in buffers that the tool does not count. */
export function fitParamsArgs({ model, context, kvType, ubatch, gpuLayers }: FitParamsArguments): string[] {
  const gpu = gpuLayers === null ? [] : ['-ngl', String(gpuLayers)];
  const sizes = ['-c', String(context), '-b', '2048', '-ub', String(ubatch), '-ctk', kvType, '-ctv', kvType, '-fa', 'auto'];
  return ['-m', model, '-fitp', 'on', ...sizes, '--no-repack', ...gpu];
}

/** Bytes over all devices, from a line per device: `Host 762 64 258` in MiB; null without one. */
export function readFitParams(stdout: string): { weights: number; kv: number; compute: number } | null {
  const lines = [...withoutPrefix(stdout).matchAll(/^\S.* (\d+) (\d+) (\d+)\s*$/gm)];
  const sum = (column: number) => lines.reduce((total, line) => total + Number(line[column]) * 2 ** 20, 0);
  return lines.length === 0 ? null : { weights: sum(1), kv: sum(2), compute: sum(3) };
}
