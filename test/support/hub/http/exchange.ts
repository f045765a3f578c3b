import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FaultsOfRequest } from '../faults/faults.ts';
import type { HubState } from '../state.ts';
import type { LoggedRequest } from './request-log.ts';

/** One request, and all that its endpoint needs to answer it. */
export interface Exchange {
  hub: HubState;
  request: IncomingMessage;
  response: ServerResponse;
  method: string;
  /** As it came, still encoded. */
  path: string;
  query: URLSearchParams;
  /** Without `Bearer`. */
  token: string | null;
  /** Bytes per second of this connection; null for as fast as it goes. */
  rate: number | null;
  log: LoggedRequest;
  faults: FaultsOfRequest;
}
