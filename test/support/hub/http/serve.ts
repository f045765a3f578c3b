import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { serveControl } from '../control/serve-control.ts';
import { endpointAnswer } from '../endpoints/table.ts';
import { afterwards, changed, instead } from '../faults/answers.ts';
import type { HubState } from '../state.ts';
import { type Answer, problem, Refused } from './answer.ts';
import type { Exchange } from './exchange.ts';
import { drain } from './request-body.ts';
import { type LoggedRequest, lineOf } from './request-log.ts';
import { send } from './send.ts';

/** Serves one request from its first byte to its last. */
export async function serve(hub: HubState, request: IncomingMessage, response: ServerResponse): Promise<void> {
  // Clients that go away are part of what is tested.
  response.on('error', () => {});
  const exchange = exchangeOf(hub, request, response);
  try {
    if (exchange.path.startsWith('/_control/')) return await send(exchange, await refusalsToAnswers(() => serveControl(exchange)));
    hub.log.requests.push(exchange.log);
    await latency(exchange);
    const answer = instead(exchange) ?? changed(exchange, await refusalsToAnswers(() => endpointAnswer(exchange)));
    await drain(exchange);
    const last = afterwards(exchange, answer);
    if (last !== null) await send(exchange, last);
  } catch (error) {
    if (!response.destroyed && !request.destroyed) console.error(`The local Hub failed at ${lineOf(exchange.log)}:`, error);
    response.destroy();
  }
}

function exchangeOf(hub: HubState, request: IncomingMessage, response: ServerResponse): Exchange {
  const { method = 'GET', url = '/', headers } = request;
  const [path = '/', query = ''] = url.split(/\?(.*)/s);
  const log: LoggedRequest = {
    method,
    host: (headers.host ?? '').replace(/:\d+$/, ''),
    url,
    range: headers.range ?? null,
    authorization: headers.authorization !== undefined,
    status: 0,
    sent: 0,
    received: 0,
  };
  const faults = hub.faults.of(lineOf(log));
  const token = headers.authorization?.replace(/^Bearer /i, '') ?? null;
  const rate = faults.take('rate')?.bytesPerSecond ?? null;
  return { hub, request, response, method, path, query: new URLSearchParams(query), token, rate, log, faults };
}

async function latency({ faults }: Exchange): Promise<void> {
  const fault = faults.take('latency');
  if (fault !== undefined) await sleep(fault.ms);
}

async function refusalsToAnswers(endpoint: () => Promise<Answer>): Promise<Answer> {
  try {
    return await endpoint();
  } catch (error) {
    if (error instanceof Refused) return error.answer;
    if (error instanceof URIError) return problem(400, null, 'The address is not properly encoded');
    if (error instanceof SyntaxError) return problem(400, null, `The body is not JSON: ${error.message}`);
    throw error;
  }
}
