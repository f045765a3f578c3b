import type { Work } from '../operation.ts';
import { Disbelieved } from '../tool-failure.ts';

const attempts = 3;

/**
 * llama-perplexity may lose its last lines and still exit with 0, as its log is written by a thread that is not drained at exit.
 * Such a run is neither believed nor failed: it is done again, twice at most.
 */
export async function untilFinalBlock<T extends { ok: true } | { ok: false; reason: 'no-final-block' | 'failed'; message: string }>(
  { retry }: Pick<Work, 'retry'>,
  measure: () => Promise<T>,
): Promise<Extract<T, { ok: true }>> {
  for (let attempt = 1; ; attempt++) {
    const read = await measure();
    if (read.ok) return read as Extract<T, { ok: true }>;
    if (read.reason === 'failed' || attempt === attempts) throw new Disbelieved(read.message);
    retry(read.message);
  }
}
