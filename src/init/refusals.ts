import type { ModelFacts } from '../plan/facts.ts';
import type { Source } from './looks.ts';

/** What the pinned release's converter turns back into weights (`dequant_model` in conversion/base.py, and gpt-oss in its own file). */
const readableMethods = ['bitnet', 'compressed-tensors', 'fp8', 'gptq', 'modelopt', 'mxfp4'];

/** Why no pipeline can be written for a model, with what to do instead; null when one can. */
export function whyNothingToMake({ name, notCausal, header }: ModelFacts, source: Source): string | null {
  if (notCausal !== null)
    return `${name} cannot be measured, and there is nothing else to decide for it: ${notCausal}. ${howToQuantize(source)}`;
  const method = methodOf(header?.config ?? {});
  if (method !== null && !readableMethods.includes(method))
    return `${name} is quantized by ${method}, which the converter does not read (it reads ${readableMethods.join(', ')}): take the full-precision weights`;
  return null;
}

function howToQuantize(source: Source): string {
  if (source.kind === 'gguf' || source.kind === 'folder') return `\`qpipe quantize ${source.path} Q8_0\` makes a file of it all the same`;
  return 'A pipeline of two lines, `model:` and `quants:`, makes files of it all the same';
}

function methodOf(config: Record<string, unknown>): string | null {
  const text = config['text_config'] as Record<string, unknown> | undefined;
  const quantization = (config['quantization_config'] ?? text?.['quantization_config']) as Record<string, unknown> | undefined;
  const method = quantization?.['quant_method'];
  return typeof method === 'string' ? method.toLowerCase() : null;
}
