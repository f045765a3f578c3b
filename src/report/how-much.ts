const bands: [number, string][] = [
  [0.005, 'hardly any change'],
  [0.02, 'very good'],
  [0.05, 'good'],
  [0.15, 'the change can be noticed'],
  [0.4, 'poor'],
  [Number.POSITIVE_INFINITY, 'broken'],
];

/** A mean KLD in a word: a judgement for orientation, never a verdict. @param kld nats per token */
export function howMuch(kld: number): string {
  return bands.find(([limit]) => kld < limit)?.[1] ?? '';
}
