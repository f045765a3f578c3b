import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';

export interface Listening {
  port: number;
  close(): Promise<void>;
}

/**
 * Serves 127.0.0.1 and, where there is one, ::1 at the same free port. `localhost` then reaches it whichever address it stands for,
 * and is another host than 127.0.0.1 for every client.
 */
export async function listen(serve: RequestListener): Promise<Listening> {
  for (let tries = 0; ; tries++) {
    const first = await listenAt(serve, '127.0.0.1', 0);
    const { port } = first.address() as { port: number };
    try {
      const servers = [first, await listenAt(serve, '::1', port)];
      return { port, close: () => closeAll(servers) };
    } catch (error) {
      if (!isTaken(error)) return { port, close: () => closeAll([first]) };
      await closeAll([first]);
      if (tries === 10) throw error;
    }
  }
}

async function listenAt(serve: RequestListener, host: string, port: number): Promise<Server> {
  // A server that closes idle connections by itself makes clients fail that have just begun to use one again.
  const server = createServer({ keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0 }, serve);
  server.listen(port, host);
  await once(server, 'listening');
  return server;
}

function isTaken(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
}

async function closeAll(servers: Server[]): Promise<void> {
  await Promise.all(
    servers.map(async (server) => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    }),
  );
}
