import { createHash } from 'node:crypto';
import { openHubWriter } from '../../src/hub/open-writer.ts';
import { type HubSite, hubSite } from '../../src/hub/site.ts';
import { usualTiming } from '../../src/hub/timing.ts';
import type { HubWriter, LocalFile } from '../../src/hub/writer.ts';
import type { Destination } from '../../src/pipeline/destination.ts';
import { quantTag } from '../../src/pipeline/quant-tag.ts';
import type { Build } from '../../src/publish/build.ts';
import { withRegions } from '../../src/publish/card/regions.ts';
import type { PublishContext } from '../../src/publish/destination.ts';
import { Journal } from '../../src/publish/journal.ts';
import { Store } from '../../src/store/store.ts';
import { type LocalHub, startHub } from './hub/index.ts';
import { rowWith } from './results.ts';
import { type Workspace, workspace } from './workspace.ts';

/** A local Hub, a store, and builds made of any bytes, under settings with which everything happens within a second. */
export interface PublishLab extends AsyncDisposable {
  local: LocalHub;
  space: Workspace;
  store: Store;
  site: HubSite;
  /** A build whose rows have files of these bytes; a row with several has a file in parts. @param more small files beside them */
  build(run: string, rows: Record<string, Buffer | Buffer[]>, more?: Record<string, string>): Build;
  context(destination: Destination, changes?: Partial<PublishContext> & { site?: Partial<HubSite> }): PublishContext;
  /** Paths and sizes of what a repo holds now, without `.gitattributes`. */
  held(repo?: string): Promise<Record<string, number>>;
  /** Text of a file of a repo. */
  text(path: string, repo?: string): Promise<string>;
}

export const repo = 'me/Tiny-GGUF';

export function destination(changes: object = {}): Extract<Destination, { kind: 'hub' }> {
  const card = { quantizedBy: null, tags: [], summary: null };
  return {
    kind: 'hub',
    repo,
    visibility: 'private',
    tag: null,
    rows: null,
    splitOver: 49e9,
    texts: false,
    card,
    at: '/publish',
    ...changes,
  };
}

export async function publishLab(options: Parameters<typeof startHub>[0] = {}): Promise<PublishLab> {
  const local = await startHub(options);
  const space = workspace();
  const store = Store.open(space.path('store'));
  const environment = { HF_ENDPOINT: local.endpoint, HF_HUB_CACHE: space.path('cache'), HF_HOME: space.path('home'), HF_TOKEN: 'hf_x' };
  const site: HubSite = {
    ...hubSite({}, environment),
    timing: {
      ...usualTiming,
      headersMs: 2000,
      answerMs: 1000,
      silenceMs: 300,
      firstWaitMs: 1,
      longestWaitMs: 20,
      longestWaitAfterStatusMs: 20,
    },
  };
  const reading = openHubWriter(site);
  const look = async (name: string) => {
    const found = await reading.look({ type: 'model', name });
    if (!found) throw new Error(`there is no ${name}`);
    return found;
  };
  return {
    local,
    space,
    store,
    site,
    build: (run, rows, more = {}) => buildOf(space, run, rows, more),
    context: (of, { site: otherSite = {}, ...changes } = {}) => ({
      store,
      journal: new Journal(store, of, 'nightly'),
      asked: false,
      dryRun: false,
      openWriter: async (): Promise<HubWriter> => openHubWriter({ ...site, ...otherSite }),
      ...changes,
    }),
    held: async (name = repo) => {
      const files = (await look(name)).files.filter(({ path }) => path !== '.gitattributes');
      return Object.fromEntries(files.map(({ path, size }) => [path, size]));
    },
    text: async (path, name = repo) => {
      const { commit, files } = await look(name);
      const file = files.find((one) => one.path === path);
      if (!file) throw new Error(`there is no ${path}`);
      return (await reading.read({ type: 'model', name }, commit, file)).toString();
    },
    async [Symbol.asyncDispose]() {
      await reading.close();
      await local.close();
      space[Symbol.dispose]();
    },
  };
}

function buildOf(space: Workspace, run: string, rows: Record<string, Buffer | Buffer[]>, more: Record<string, string>): Build {
  const file = (path: string, bytes: Buffer): LocalFile => {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return { path, sha256, size: bytes.length, content: { path: space.write(`objects/${sha256}`, bytes) } };
  };
  const built = Object.entries(rows).map(([name, bytes]) => {
    const parts = Array.isArray(bytes) ? bytes : [bytes];
    const number = (i: number) => String(i).padStart(5, '0');
    const path = (i: number) =>
      parts.length === 1 ? `Tiny-${name}.gguf` : `${name}/Tiny-${name}-${number(i + 1)}-of-${number(parts.length)}.gguf`;
    const files = parts.map((part, i) => file(path(i), part));
    return { name, tag: quantTag(path(0)), row: rowWith(name, 1e6, 0.01, 98), files };
  });
  const beside = Object.entries(more).map(([path, text]) => ({ ...file(path, Buffer.from(text)), content: { bytes: Buffer.from(text) } }));
  return {
    run,
    substance: createHash('sha256')
      .update(JSON.stringify(built.map(({ files }) => files.map(({ sha256 }) => sha256))))
      .digest('hex'),
    rows: built,
    beside,
    notes: [],
    card: (there, existing) => {
      const [, head, body = ''] = /^(---\n[\s\S]*?\n---\n)([\s\S]*)$/.exec(existing ?? '') ?? [null, '---\nlicense: mit\n---\n', ''];
      return head + withRegions(body, [{ name: 'files', text: `run ${run}: ${there.map(({ name }) => name).join(' ')}` }]);
    },
  };
}
