/** What is usual of a type, by about how many bits its weights have. */
export interface UsualLimits {
  /** Mean KLD in nats per token from which on a file is worth a look, and from which on it is refused. */
  kld: { warn: number; fail: number };
  /** Same top p in percent below which a file is worth a look. */
  sameTopP: number;
  /** PPL(Q)/PPL(base) from which on a file is broken, whatever else it is. */
  brokenRatio: number;
}

/**
 * A file is refused at twice the KLD that the worst type of its width has on Llama 3 8B in the published scoreboard (Q4_0 .072, Q3_K_S .228,
 * IQ2_XXS .81, IQ1_S 2.2), and worth a look at a third of that. Widths of 4 bits and more share one: what is usual of Q8_0 is so little that
 * twice as much is no harm.
 */
const usual: Record<1 | 2 | 3 | 4, UsualLimits> = {
  4: { kld: { warn: 0.05, fail: 0.15 }, sameTopP: 85, brokenRatio: 2 },
  3: { kld: { warn: 0.15, fail: 0.45 }, sameTopP: 75, brokenRatio: 3 },
  2: { kld: { warn: 0.55, fail: 1.6 }, sameTopP: 55, brokenRatio: 6 },
  1: { kld: { warn: 1.5, fail: 4.5 }, sameTopP: 35, brokenRatio: 25 },
};

/** @param type by llama.cpp's name; one whose name tells no width has the limits of the widest */
export function usualLimits(type: string | null): UsualLimits {
  const bits = Number(/^(?:I?Q|TQ|MXFP|NVFP|BF|F)(\d+)/i.exec(type ?? '')?.[1] ?? 4);
  return usual[Math.min(4, Math.max(1, bits)) as 1 | 2 | 3 | 4];
}
