import { shown } from './address.ts';
import { type Answer, type Ask, discard, type Network } from './network.ts';
import { HubFailure } from './problems.ts';

export interface Followed {
  /** Null when the way led to where `stopBefore` said. */
  answer: Answer | null;
  /** The last address. */
  url: URL;
}

export interface Way {
  stopBefore: (next: URL) => boolean;
  /** Each answer underway and the last one. */
  onAnswer?: (answer: Answer) => void;
}

const mostRedirects = 5;

/** Follows redirects by hand: each step decides anew who may see the token. */
export async function follow(network: Network, ask: Ask, { stopBefore, onAnswer }: Way): Promise<Followed> {
  let { url } = ask;
  for (let redirects = 0; redirects <= mostRedirects; redirects++) {
    const answer = await network.send({ ...ask, url });
    onAnswer?.(answer);
    const next = redirectOf(answer);
    if (next === null) return { answer, url };
    await discard(answer);
    if (stopBefore(next)) return { answer: null, url: next };
    url = next;
  }
  throw new HubFailure('not-a-hub', `${shown(ask.url)} leads from one address to the next without end`);
}

function redirectOf({ status, headers, url }: Answer): URL | null {
  const { location } = headers;
  if (status < 300 || status === 304 || location === undefined || !URL.canParse(location, url.href)) return null;
  return new URL(location, url);
}
