import { readSafetensors, type Safetensor } from '../gguf/safetensors.ts';
import { readTorchWeights } from '../gguf/torch-weights.ts';

/** The tensors of a file of weights, from its header. Throws Failure with what is wrong with it. */
export function readWeights(path: string): Safetensor[] {
  const read = path.endsWith('.safetensors') ? readSafetensors : readTorchWeights;
  return read(path).tensors;
}
