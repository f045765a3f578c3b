import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Received {
  method: string;
  path: string;
  contentType: string;
  body: string;
}

/** A server that takes notifications. */
export interface WebHook extends AsyncDisposable {
  /** With a secret in its path. */
  url: string;
  host: string;
  received: Received[];
}

export const secret = 'T0/B0/hush';

/** @param statuses of the answers, in order, the last one for all that follow; `silent` never answers */
export async function webHook(...statuses: (number | 'silent')[]): Promise<WebHook> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      received.push({ method: request.method ?? '', path: request.url ?? '', contentType: request.headers['content-type'] ?? '', body });
      const status = statuses[Math.min(received.length, statuses.length) - 1] ?? 200;
      if (status !== 'silent') response.writeHead(status).end('ok');
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `http://${host}/${secret}`,
    host,
    received,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
