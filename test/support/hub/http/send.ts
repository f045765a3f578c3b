import { randomUUID } from 'node:crypto';
import type { Answer } from './answer.ts';
import { type ByteSource, sourceOf } from './byte-source.ts';
import type { Exchange } from './exchange.ts';
import { type ByteRange, contentRange, parseRange } from './range.ts';
import { sendBody } from './send-body.ts';

/** Sends an answer, or the range of it that was asked for, with whatever goes wrong on the way. */
export async function send(exchange: Exchange, answer: Answer): Promise<void> {
  const source = await sourceOf(answer.body);
  try {
    await sendFrom(exchange, answer, source);
  } finally {
    await source.close();
  }
}

async function sendFrom(exchange: Exchange, answer: Answer, source: ByteSource): Promise<void> {
  const { method, faults } = exchange;
  const range = rangeOf(exchange, source);
  if (range === 'unsatisfiable')
    return void begin(exchange, 416, { 'Content-Range': `bytes */${source.size}`, 'Content-Length': '0' }).end();
  const whole = { start: 0, end: source.size };
  const length = lengthOf(range ?? whole);
  if (method === 'GET' && faults.take('refuse-above', ({ bytes }) => length > bytes)) {
    return void begin(exchange, 400, { 'Content-Length': '0' }).end();
  }
  const sendsBody = method !== 'HEAD' && length > 0;
  const earlyEnd = sendsBody ? faults.take('early-end', ({ after }) => after < length) : undefined;
  const extra = sendsBody ? (faults.take('too-many-bytes')?.extra ?? 0) : 0;
  const headers = {
    'Content-Type': source.contentType,
    ...(source.ranges && { 'Accept-Ranges': 'bytes' }),
    ...(range !== null && { 'Content-Range': contentRange(range, source.size) }),
    ...(earlyEnd === undefined && { 'Content-Length': `${length + extra}` }),
    ...answer.headers,
  };
  begin(exchange, range === null ? answer.status : 206, headers);
  const { start } = range ?? whole;
  if (sendsBody) await sendBody(exchange, source, { start, end: start + (earlyEnd?.after ?? length + extra) });
  exchange.response.end();
}

/** Null for the whole body. */
function rangeOf({ method, request, faults }: Exchange, source: ByteSource): ByteRange | 'unsatisfiable' | null {
  const range = source.ranges ? parseRange(request.headers.range, source.size) : null;
  return range !== null && method === 'GET' && faults.take('ignore-range') ? null : range;
}

function lengthOf({ start, end }: ByteRange): number {
  return end - start;
}

function begin({ response, log, faults }: Exchange, status: number, headers: Record<string, string>) {
  log.status = status;
  const changes = Object.entries(faults.take('headers')?.headers ?? {});
  response.statusCode = status;
  response.setHeader('X-Request-Id', randomUUID());
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  for (const [name, value] of changes) value === null ? response.removeHeader(name) : response.setHeader(name, value);
  response.flushHeaders();
  return response;
}
