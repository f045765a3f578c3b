import { setMaxListeners } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { Stopped } from '../errors.ts';
import { version } from '../package-root.ts';
import { shown } from './address.ts';
import { pause } from './patiently.ts';
import { HubFailure } from './problems.ts';
import { Interruption, Refusal } from './refusal.ts';
import type { HubSite } from './site.ts';
import { toldWaitMs } from './timing.ts';
import { findToken, type Token } from './token.ts';

export interface Ask {
  url: URL;
  method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  headers?: Record<string, string>;
  body?: Outgoing | undefined;
  signal?: AbortSignal | undefined;
}

/** What is sent; opened anew for each try. */
export interface Outgoing {
  bytes: number;
  /** @param sent called with the size of each piece that went to the connection */
  open(sent: (bytes: number) => void): string | AsyncIterable<Uint8Array>;
}

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  /** To be read to its end, or handed to `discard`. */
  body: Dispatcher.ResponseData['body'];
  url: URL;
}

/** The only door to the network. One try per call; who wants more says `patiently`. */
export class Network {
  readonly origin: string;
  readonly #site: HubSite;
  /** By host: servers told us to come back later, and that holds for all who ask. */
  readonly #notBefore = new Map<string, number>();
  readonly #userAgent = `qpipe/${version()}`;
  #client: ReturnType<typeof openClient> | null = null;
  #token: Token | null | undefined;

  constructor(site: HubSite) {
    this.#site = site;
    this.origin = new URL(site.endpoint).origin;
  }

  /** Of the Hub, once it was needed. Throws bad-token. */
  get token(): Token | null {
    if (this.#token === undefined) this.#token = findToken(this.#site.token);
    return this.#token;
  }

  /** An answer below 400; redirects are answers. Throws Refusal, Interruption, offline, Stopped. */
  async send({ url, method = 'GET', headers = {}, body, signal }: Ask): Promise<Answer> {
    if (this.#site.offline) throw new HubFailure('offline', `${shown(url)} was not asked: nothing may be fetched`);
    const ofHub = url.origin === this.origin;
    const authorization = ofHub && this.token ? { authorization: `Bearer ${this.token.value}` } : {};
    await this.comeBackLater(url.host, signal);
    const all = { 'user-agent': this.#userAgent, 'accept-encoding': 'identity', ...headers, ...authorization };
    const answer = await this.dispatch({ url, method, headers: all, body, signal });
    if (answer.status < 400) return answer;
    await discard(answer);
    throw this.refusal(answer, ofHub);
  }

  async close(): Promise<void> {
    const client = await this.#client;
    this.#client = null;
    await client?.dispatcher.destroy();
  }

  private async comeBackLater(host: string, signal: AbortSignal | undefined): Promise<void> {
    for (let ms = this.waitMs(host); ms > 0; ms = this.waitMs(host)) await pause(ms, signal);
  }

  private waitMs(host: string): number {
    return (this.#notBefore.get(host) ?? 0) - Date.now();
  }

  private async dispatch({ url, method, headers, body: outgoing, signal }: Required<Ask>): Promise<Answer> {
    this.#client ??= openClient(this.#site);
    const { request, dispatcher } = await this.#client;
    const { connectMs, headersMs, answerMs } = this.#site.timing;
    const ending = new AbortController();
    const stop = () => ending.abort();
    // As many may listen as there are connections; Node takes more than ten for a leak.
    if (signal) setMaxListeners(0, signal);
    signal?.addEventListener('abort', stop, { once: true });
    // Of an upload, time begins again with each piece that went out.
    const late = setTimeout(stop, connectMs + (outgoing ? answerMs : headersMs));
    try {
      if (signal?.aborted) throw new Stopped();
      const upload = outgoing ? { ...uploaded(outgoing, headers, () => late.refresh()), headersTimeout: answerMs } : { headers };
      const asked = request(url, { dispatcher, method, ...upload, signal: ending.signal });
      const { statusCode: status, headers: its, body } = await unlessAborted(asked, ending.signal);
      body.once('close', () => signal?.removeEventListener('abort', stop));
      // A body that is thrown away ends with an error that nobody waits for.
      body.on('error', () => {});
      return { status, headers: its, body, url };
    } catch (error) {
      signal?.removeEventListener('abort', stop);
      throw signal?.aborted ? new Stopped() : interruption(error, url);
    } finally {
      clearTimeout(late);
    }
  }

  private refusal({ status, headers, url }: Answer, ofHub: boolean): Refusal {
    const header = (name: string) => this.withoutToken(String(headers[name] ?? ''));
    const told = { rateLimit: header('ratelimit'), ...(headers['retry-after'] ? { retryAfter: header('retry-after') } : {}) };
    const waitMs = status === 429 || status === 503 ? toldWaitMs(told, this.#site.timing) : null;
    if (waitMs !== null) this.#notBefore.set(url.host, Math.max(Date.now() + waitMs, this.#notBefore.get(url.host) ?? 0));
    const [code, text, requestId] = [header('x-error-code'), header('x-error-message'), header('x-request-id')];
    return new Refusal({ status, address: shown(url), ofHub, code, text, requestId, waitMs });
  }

  /** Whatever a server says, it does not say the token to others. */
  private withoutToken(text: string): string {
    return this.#token ? text.replaceAll(this.#token.value, 'hf_...') : text;
  }
}

/** Reads the little that is left of an answer, so that its connection can be used again; ends it when it is much. */
export async function discard({ body }: Answer): Promise<void> {
  await body.dump({ limit: 16_384 }).catch(() => {});
}

/** What went wrong underway, in undici's words or the system's; those of an aborted request are ours. Some things no second try will mend. */
export function interruption(error: unknown, url: URL): Interruption | HubFailure {
  const { message = '', name = '', code = '' } = error as NodeJS.ErrnoException;
  if (/CERT|UNABLE_TO_|ERR_TLS|ERR_SSL/.test(code)) {
    const mend = 'if a proxy of your network opens connections, let NODE_EXTRA_CA_CERTS name the file with its certificate';
    return new HubFailure('network', `${url.host} cannot be trusted (${code}: ${message}); ${mend}`);
  }
  if (code === 'UND_ERR_INVALID_ARG') return new HubFailure('network', `${shown(url)} cannot be asked: ${message}`);
  const cause = name === 'AbortError' || code === 'UND_ERR_ABORTED' ? proxyRefusal(message) || 'no answer in time' : message || code;
  return new Interruption(`${url.host}: ${cause}`, { cause: error });
}

/** undici listens to a signal once it has a connection; through a proxy, it waits for one as long as it takes. */
async function unlessAborted(asked: Promise<Dispatcher.ResponseData>, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')), { once: true });
  });
  try {
    return await Promise.race([asked, aborted]);
  } catch (error) {
    asked.then(
      ({ body }) => body.on('error', () => {}).destroy(),
      () => {},
    );
    throw error;
  }
}

/** With its length: storages refuse a body that has none. */
function uploaded(body: Outgoing, headers: Record<string, string>, onSent: () => void) {
  const opened = body.open(onSent);
  return {
    body: typeof opened === 'string' ? opened : Readable.from(opened, { objectMode: false }),
    headers: { ...headers, 'content-length': String(body.bytes) },
  };
}

function proxyRefusal(message: string): string {
  const status = /Proxy response \((\d+)\)/.exec(message)?.[1];
  return status === undefined ? '' : `the proxy answered with status ${status}`;
}

async function openClient({ timing, proxy }: HubSite) {
  const { Agent, EnvHttpProxyAgent, request } = await import('undici');
  const options = {
    pipelining: 1,
    // Several streams over one connection are slower than as many connections.
    allowH2: false,
    connect: { timeout: timing.connectMs },
    headersTimeout: timing.headersMs,
    bodyTimeout: timing.silenceMs,
  };
  const proxies = { httpProxy: proxy.http, httpsProxy: proxy.https, noProxy: proxy.no };
  const dispatcher: Dispatcher = proxy.http || proxy.https ? new EnvHttpProxyAgent({ ...options, ...proxies }) : new Agent(options);
  return { request, dispatcher };
}
