/** How long the network is waited for, in milliseconds, and how often it is asked again. */
export interface Timing {
  connectMs: number;
  /** From the request to the headers of its answer. */
  headersMs: number;
  /** The same for what the server has to work on: from the last byte of an upload, or of a commit. */
  answerMs: number;
  /** Without a byte of the body. */
  silenceMs: number;
  /** In a row without a single new byte. */
  retries: number;
  /** Before the first retry; each further one waits twice as long. */
  firstWaitMs: number;
  longestWaitMs: number;
  /** After an answer that says the server is in trouble. */
  longestWaitAfterStatusMs: number;
  /** What a server may ask for. */
  longestToldWaitMs: number;
}

/** Some 40 seconds of a dead network are outlived. */
export const usualTiming: Timing = {
  connectMs: 10_000,
  headersMs: 15_000,
  answerMs: 60_000,
  silenceMs: 30_000,
  retries: 8,
  firstWaitMs: 200,
  longestWaitMs: 12_800,
  longestWaitAfterStatusMs: 30_000,
  longestToldWaitMs: 600_000,
};

/** The wait before the n-th retry (from 0), spread so that many workers do not come back together. @param random 0 to 1 */
export function backoffMs(n: number, longestMs: number, { firstWaitMs }: Timing, random = Math.random()): number {
  return Math.min(longestMs, firstWaitMs * 2 ** n) * (0.75 + random / 2);
}

/** The wait that a server asks for; null when it asks for none. @param now milliseconds, as `Date.now()` */
export function toldWaitMs(
  headers: { rateLimit?: string; retryAfter?: string },
  { longestToldWaitMs }: Timing,
  now = Date.now(),
): number | null {
  const waitMs = ofRateLimit(headers.rateLimit) ?? ofRetryAfter(headers.retryAfter, now);
  return waitMs === null ? null : Math.min(waitMs, longestToldWaitMs);
}

/** `"api";r=0;t=55`: nothing remains for 55 seconds. */
function ofRateLimit(header = ''): number | null {
  const seconds = /;\s*t=(\d+)/.exec(header)?.[1];
  return /;\s*r=0(;|$|\s)/.test(header) && seconds !== undefined ? (Number(seconds) + 1) * 1000 : null;
}

function ofRetryAfter(header: string | undefined, now: number): number | null {
  if (header === undefined) return null;
  const waitMs = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isNaN(waitMs) ? null : Math.max(0, waitMs) + Math.random() * 250;
}
