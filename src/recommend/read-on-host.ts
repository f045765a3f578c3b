import type { Offload } from '../memory/offload.ts';
import type { ModelShape } from '../memory/shape.ts';
import type { WeightSplit } from '../memory/split.ts';

/** Of the weights that a token reads, the share that comes from main memory, 0 to 1. Of experts only the chosen ones are read. */
export function readOnHost({ output, layers }: WeightSplit, { experts }: ModelShape, offload: Offload): number {
  const chosen = experts ? experts.used / experts.count : 0;
  const hostLayers = layers.length + 1 - offload.gpuLayers;
  let [host, all] = [0, output];
  for (const [i, layer] of layers.entries()) {
    const ofExperts = layer.experts * chosen;
    const read = layer.bytes - layer.experts + ofExperts;
    all += read;
    if (i < hostLayers) host += read;
    else if (i < offload.expertLayersOnCpu) host += ofExperts;
  }
  return all > 0 ? host / all : 0;
}
