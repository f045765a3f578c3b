import { Failure } from '../../errors.ts';
import type { Quantization } from '../../tools/quantize.ts';

/** Names people use for tensors that a model may call otherwise: a model with tied embeddings has no `output.weight`. */
const logicalNames: Record<string, (names: string[]) => string[]> = {
  output: (names) => (names.includes('output.weight') ? ['output.weight'] : names.filter((name) => name === 'token_embd.weight')),
  token_embd: (names) => names.filter((name) => name === 'token_embd.weight'),
};

/**
 * The lines of a --tensor-type-file that name every quantized tensor exactly once, or null when nothing changes.
 * All of them, because llama-quantize counts layers as it goes: naming one tensor would shift what the stock recipe does with the others.
 * @param tensors Pattern or logical name to type, as the pipeline has it; the last match wins.
 * @param exact Tensor name to type, beyond what the pipeline says.
 */
export function expandTensors(stock: Quantization, tensors: Record<string, string>, exact: Record<string, string> = {}): string[] | null {
  const quantized = stock.tensors.filter(({ from, to }) => from !== to);
  const names = quantized.map(({ name }) => name);
  const chosen = new Map<string, string>();
  for (const [pattern, type] of Object.entries(tensors)) {
    const matched = namesMatching(pattern, names);
    if (matched.length === 0) throw new Failure(`tensors: \`${pattern}\` matches no tensor of this model that is quantized`);
    for (const name of matched) chosen.set(name, type);
  }
  for (const [name, type] of Object.entries(exact)) chosen.set(name, type);
  if (chosen.size === 0) return null;
  return quantized.map(({ name, to }) => `^${escaped(name)}$=${(chosen.get(name) ?? to).toLowerCase()}`);
}

function namesMatching(pattern: string, names: string[]): string[] {
  const logical = logicalNames[pattern];
  if (logical) return logical(names);
  const expression = new RegExp(pattern);
  return names.filter((name) => expression.test(name));
}

function escaped(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
