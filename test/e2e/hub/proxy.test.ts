import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { usualTiming } from '../../../src/hub/timing.ts';
import { until } from '../../support/fetch-process.ts';
import { failure, hubLab, segmentBytes, someBytes } from '../../support/hub-lab.ts';

const weights = someBytes(3 * segmentBytes);
const files = { 'model.safetensors': weights, 'config.json': '{"a":1}' };

test('a proxy of the environment is used for everything', async () => {
  await using lab = await hubLab();
  await using proxy = await startProxy();
  const hub = lab.open({ proxy: { http: proxy.address, https: '', no: '' } });
  const commit = (await lab.put(files)).commit;
  const asked = lab.local.requests.length;
  const tree = await hub.tree({ type: 'model', name: 'me/model' }, commit);
  expect((await lab.fetch(tree, { hub })).read('model.safetensors').equals(weights)).toBe(true);
  expect(new Set(proxy.opened.map((host) => host.replace(/:\d+$/, '')))).toEqual(new Set(['127.0.0.1', 'localhost']));
  expect(lab.local.requests.length).toBeGreaterThan(asked);
});

test('hosts that need none are asked directly', async () => {
  await using lab = await hubLab();
  await using proxy = await startProxy();
  const hub = lab.open({ proxy: { http: proxy.address, https: '', no: 'example.com,localhost' } });
  const tree = await lab.put(files);
  await lab.fetch(tree, { hub });
  expect(new Set(proxy.opened.map((host) => host.replace(/:\d+$/, '')))).toEqual(new Set(['127.0.0.1']));
});

test('a proxy that wants a password is named in the message', async () => {
  await using lab = await hubLab();
  await using proxy = await startProxy((_, socket) => void socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'));
  const tree = await lab.put(files);
  expect(await failure(lab.fetch(tree, { hub: lab.open({ proxy: { http: proxy.address, https: '', no: '' } }) }))).toMatchObject({
    kind: 'Failure',
    reason: 'network',
    message: expect.stringContaining('the proxy answered with status 407'),
  });
});

test('a proxy that never answers is given up', async () => {
  await using lab = await hubLab();
  await using proxy = await startProxy(() => {});
  const tree = await lab.put(files);
  const timing = { ...lab.site.timing, connectMs: 50, headersMs: 50, retries: 2 };
  const hub = lab.open({ timing, proxy: { http: proxy.address, https: '', no: '' } });
  expect(await failure(lab.fetch(tree, { hub }))).toMatchObject({
    reason: 'network',
    message: expect.stringContaining('no answer in time'),
  });
});

test('a stop does not wait for a proxy', async () => {
  await using lab = await hubLab();
  await using proxy = await startProxy(() => {});
  const tree = await lab.put(files);
  const stop = new AbortController();
  const hub = lab.open({ timing: usualTiming, proxy: { http: proxy.address, https: '', no: '' } });
  const fetching = failure(lab.fetch(tree, { hub, signal: stop.signal }));
  await until(() => proxy.opened.length > 0);
  const started = performance.now();
  stop.abort();
  expect((await fetching).kind).toBe('Stopped');
  expect(performance.now() - started).toBeLessThan(2000);
});

type OnConnect = (request: IncomingMessage, socket: Socket) => void;

/** Passes on what comes for any host. */
async function startProxy(onConnect: OnConnect = passOn) {
  const opened: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer();
  server.on('connection', (socket) => sockets.add(socket));
  server.on('connect', (request, socket) => {
    opened.push(request.url ?? '');
    onConnect(request, socket as Socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { address: `http://127.0.0.1:${port}`, opened, [Symbol.asyncDispose]: close };
}

function passOn({ url = '' }: IncomingMessage, socket: Socket): void {
  const [host = '', port] = url.split(':');
  const server = connect(Number(port), host, () => {
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    server.pipe(socket).pipe(server);
  });
  for (const [one, other] of [[socket, server] as const, [server, socket] as const]) one.on('error', () => other.destroy());
}
