import type { Looks } from './looks.ts';

/**
 * Weights that a core multiplies with in a second, and bytes that it reads. Guesses: a busy laptop's core does about 30 billion, one of a new server
 * twice as many (measured with 440 million weights in F16 and Q4_K_M, on two cores with AVX-512).
 */
const weightsPerSecondAndCore = 30e9;
const bytesPerSecondAndCore = 10e9;

/** Memory is shared: more cores do not read faster than this. */
const bytesPerSecond = 40e9;

/** Tokens of a long text per second, on processors alone. */
export function promptSpeed({ activeWeights }: Pick<Looks, 'activeWeights'>, cores: number): number {
  return (weightsPerSecondAndCore * cores) / Math.max(1, activeWeights);
}

/** Words one after the other per second, from a file of so many bytes: each has to read all the weights that it uses. */
export function answerSpeed(
  { activeWeights, weights }: Pick<Looks, 'activeWeights' | 'weights'>,
  fileBytes: number,
  cores: number,
): number {
  const read = fileBytes * (activeWeights / Math.max(1, weights));
  return Math.min(bytesPerSecond, bytesPerSecondAndCore * cores) / Math.max(1, read);
}

/** Tokens of usual text take about five bytes each; of other languages and code fewer, which gives more tokens. */
export function tokensIn(textBytes: number): number {
  return textBytes / 5;
}

/** Seconds as one says them of a guess: `12 min`, `3 h`. */
export function roughly(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds / 60))} min`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  return seconds < 36 * 3600 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} days`;
}
