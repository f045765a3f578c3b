import { architecture, type Gguf } from './header.ts';

/**
 * Bytes of weights that the generation of one token reads, by ggml type: of an embedding one row, of experts those that are used, of layers that
 * predict further tokens nothing.
 * @param parts the headers of a model's files; more than one for a split model
 */
export function readPerToken(parts: Gguf[]): Record<string, number> {
  const [first] = parts;
  const tensors = parts.flatMap((part) => part.tensors);
  // Without an output of its own the embedding is read as one, as a whole.
  const isTied = !tensors.some(({ name }) => name === 'output.weight');
  const used = first ? usedExperts(first) : 1;
  const read: Record<string, number> = {};
  for (const { name, type, bytes } of tensors) {
    if (isLookedUp(name, isTied) || name.includes('.nextn.')) continue;
    read[type] = (read[type] ?? 0) + (name.includes('_exps.') ? bytes * used : bytes);
  }
  return read;
}

function isLookedUp(name: string, isTied: boolean): boolean {
  return name === 'token_embd.weight' ? !isTied : /^(per_layer_token_embd|position_embd|token_types)\./.test(name);
}

/** The share of its experts that a token asks. */
function usedExperts(gguf: Gguf): number {
  const [count, used] = ['expert_count', 'expert_used_count'].map((key) => Number(gguf.metadata.get(`${architecture(gguf)}.${key}`) ?? 0));
  return count && used ? used / count : 1;
}
