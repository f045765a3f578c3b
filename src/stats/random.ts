/** Numbers from 0 up to 1, each time the same for a seed: what is resampled must come out alike wherever it is done again. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  // mulberry32: 32 bits of state, passes the usual tests, and far more numbers than any resampling here draws.
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
