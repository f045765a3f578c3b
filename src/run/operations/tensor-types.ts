import { Failure } from '../../errors.ts';
import type { Quantization } from '../../tools/quantize.ts';

/** Names people use for tensors that a model may call otherwise: a model with tied embeddings has no `output.weight`. */
const logicalNames: Record<string, (names: string[]) => string[]> = {
  output: (names) => (names.includes('output.weight') ? ['output.weight'] : names.filter((name) => name === 'token_embd.weight')),
  token_embd: (names) => names.filter((name) => name === 'token_embd.weight'),
};

/**
 * Tensors that the pipeline names, each with its type.
 * @param tensors Pattern or logical name to type; the last match wins.
 */
export function namedTensors(stock: Quantization, tensors: Record<string, string>): Map<string, string> {
  const matrices = stock.tensors.filter(({ shape }) => (shape[1] ?? 1) > 1).map(({ name }) => name);
  const named = new Map<string, string>();
  for (const [pattern, type] of Object.entries(tensors)) {
    const matched = namesMatching(pattern, matrices);
    if (matched.length === 0) throw new Failure(`tensors: \`${pattern}\` matches no tensor of this model that can be quantized`);
    for (const name of matched) named.set(name, type.toUpperCase());
  }
  return named;
}

/**
 * The lines of a --tensor-type-file that give every tensor its type: the one named, else the stock recipe's.
 * Every one, because llama-quantize counts layers as it goes: naming one tensor would shift what the stock recipe does with the others.
 * What it never quantizes (norms) it does not look up, so those lines do no harm.
 */
export function everyTensor(stock: Quantization, types: ReadonlyMap<string, string>): string[] {
  return stock.tensors.map(({ name, to }) => `^${escaped(name)}$=${(types.get(name) ?? to).toLowerCase()}`);
}

/** A type that llama-quantize silently does not apply would make another file than the pipeline says. */
export function refuseIgnored(named: ReadonlyMap<string, string>, { tensors, fallbacks }: Quantization): void {
  const ignored = tensors.find(({ name, to }) => {
    const wanted = named.get(name);
    return wanted !== undefined && wanted !== to && !fallbacks.some(({ tensor, got }) => tensor === name && got === to);
  });
  if (ignored) throw new Failure(`tensors: llama-quantize leaves ${ignored.name} as ${ignored.to}, it does not take another type here`);
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
