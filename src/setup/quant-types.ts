import type { QuantType } from '../tools/llama-cpp.ts';

/** The types that llama-quantize can make, from its usage text: `  15  or  Q4_K_M  :  4.58G, +0.1754 ppl @ Llama-3-8B`. */
export function parseQuantTypes(usage: string): QuantType[] {
  const list = usage.split(/allowed quantization types/i)[1] ?? '';
  return list.split(/\r?\n/).flatMap((line) => {
    const match = /^\s*(?:(\d+)\s+or\s+)?([A-Z][A-Z0-9_]*)\s*:\s*(.*?)\s*$/.exec(line);
    if (!match?.[2]) return [];
    const remark = match[3] ?? '';
    const aliasOf = /^alias for (\S+)$/.exec(remark)?.[1] ?? null;
    return [{ name: match[2], ftype: match[1] === undefined ? null : Number(match[1]), aliasOf, remark }];
  });
}
