import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newCommit } from './content/new-commit.ts';
import { Objects } from './content/objects.ts';
import { Repos } from './content/repos.ts';
import { Uploads } from './content/uploads.ts';
import { Faults } from './faults/faults.ts';
import { listen } from './http/listen.ts';
import { RequestLog } from './http/request-log.ts';
import { serve } from './http/serve.ts';
import { SignedUrls } from './http/signed-urls.ts';
import type { HubOptions, LocalHub } from './local-hub.ts';
import type { HubState } from './state.ts';

/** Starts an empty Hub at a free port, with its files in a temporary folder. */
export async function startHub(options: HubOptions = {}): Promise<LocalHub> {
  const root = mkdtempSync(join(tmpdir(), 'qpipe-hub-'));
  const hub = newState(root, options);
  const { port, close } = await listen((request, response) => void serve(hub, request, response));
  hub.endpoint = `http://127.0.0.1:${port}`;
  hub.cdn = `http://localhost:${port}`;
  return localHub(hub, async () => {
    await close();
    await rm(root, { recursive: true, force: true });
  });
}

function newState(root: string, options: HubOptions): HubState {
  const { tokens = ['hf_x'], pageSize = 1000, urlLifetimeMs = 3_600_000, partBytes = 5 << 20 } = options;
  const objects = new Objects(root);
  return {
    endpoint: '',
    cdn: '',
    tokens: new Set(tokens),
    pageSize,
    partBytes,
    objects,
    uploads: new Uploads(root, objects),
    repos: new Repos(),
    urls: new SignedUrls(urlLifetimeMs),
    faults: new Faults(),
    log: new RequestLog(),
  };
}

function localHub(hub: HubState, close: () => Promise<void>): LocalHub {
  return {
    endpoint: hub.endpoint,
    cdn: hub.cdn,
    commit: (name, files, options) => newCommit(hub, name, files, options),
    move: (from, to) => hub.repos.move(from, to),
    grant: (name, token) => {
      for (const repo of hub.repos.named(name)) repo.granted.add(token);
    },
    fault: (fault) => hub.faults.add(fault),
    requests: hub.log.requests,
    count: (pattern) => hub.log.count(pattern),
    bytesSent: (pattern) => hub.log.bytesSent(pattern),
    close,
    [Symbol.asyncDispose]: close,
  };
}
