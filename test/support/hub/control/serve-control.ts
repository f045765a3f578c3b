import { type Answer, json, problem } from '../http/answer.ts';
import type { Exchange } from '../http/exchange.ts';

/** What tests and benchmarks in other processes say to the Hub. */
export async function serveControl({ hub, method, path }: Exchange): Promise<Answer> {
  if (method === 'GET' && path === '/_control/requests') return json(hub.log.requests);
  return problem(404, null, 'There is no such control');
}
