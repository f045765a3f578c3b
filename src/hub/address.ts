import { HubFailure } from './problems.ts';

/** An address for people: without its query, which may be a signature. */
export function shown(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

export function notAHub(url: URL): HubFailure {
  return new HubFailure(
    'not-a-hub',
    `${shown(url)} does not answer as a Hub does: is a login page of the network in between, or a mirror that is none? Check HF_ENDPOINT`,
  );
}
