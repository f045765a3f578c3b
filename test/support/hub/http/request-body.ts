import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import type { Exchange } from './exchange.ts';
import { pace } from './pace.ts';

/** The body as it arrives: counted, at the connection's pace, and cut where a fault says so. */
export async function* bodyOf({ request, log, faults, rate }: Exchange): AsyncGenerator<Buffer> {
  const length = Number(request.headers['content-length'] ?? Number.POSITIVE_INFINITY);
  const cut = faults.take('cut-upload', ({ after }) => after < length);
  for await (const chunk of request as AsyncIterable<Buffer>) {
    log.received += chunk.length;
    if (cut !== undefined && log.received > cut.after) request.socket.destroy();
    if (rate !== null) await pace(request.socket, chunk.length, rate);
    yield chunk;
  }
}

/** Reads what is left and forgets it: a client that still sends would not see the answer. */
export async function drain(exchange: Exchange): Promise<void> {
  if (exchange.request.readableDidRead) return;
  for await (const _ of bodyOf(exchange));
}

/** Believes the client as to what is in it. Throws SyntaxError for what is not JSON. */
export async function readJson<Body>(exchange: Exchange): Promise<Body> {
  return JSON.parse(await readText(exchange)) as Body;
}

export async function readText(exchange: Exchange): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of bodyOf(exchange)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** The lines of a body of any length, but empty ones. */
export async function* readLines(exchange: Exchange): AsyncGenerator<string> {
  for await (const line of createInterface({ input: Readable.from(bodyOf(exchange)) })) if (line !== '') yield line;
}
