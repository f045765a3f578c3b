/** Weights of the models in llama-quantize's own remarks. */
const models: Record<string, number> = { 'Llama-3-8B': 8.03e9, 'Mistral-7B': 7.24e9 };

/** From `2.06 bpw quantization`, or from a size on a known model: `4.58G, +0.1754 ppl @ Llama-3-8B`. Null when it says neither. */
export function bitsPerWeightIn(remark: string): number | null {
  const bits = /([\d.]+)\s+bpw/.exec(remark)?.[1];
  if (bits !== undefined) return Number(bits);
  const [, size, model = ''] = /([\d.]+)G\b.*@ (\S+)/.exec(remark) ?? [];
  const weights = models[model];
  return size === undefined || weights === undefined ? null : (Number(size) * 2 ** 30 * 8) / weights;
}
