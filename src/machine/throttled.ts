/** Bits of `vcgencmd get_throttled` that mean: now. The same since the last start are 16 bits higher and say nothing of one measurement. */
const bits = ['too low a voltage', 'a capped frequency', 'throttling', 'the soft limit of temperature'];

/** From `throttled=0x50005`; null for anything else. */
export function readThrottled(printed: string): number | null {
  const hex = /^throttled=(0x[0-9a-f]+)\s*$/i.exec(printed)?.[1];
  return hex === undefined ? null : Number(hex);
}

/** What held the processor back, in words; null when nothing did. */
export function throttledInWords(...seen: (number | null)[]): string | null {
  const all = seen.reduce((union: number, one) => union | (one ?? 0), 0);
  const words = bits.filter((_, bit) => all & (1 << bit));
  return words.length === 0 ? null : words.join(', ');
}
