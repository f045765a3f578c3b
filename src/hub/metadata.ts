import { notAHub } from './address.ts';
import { explaining } from './explain.ts';
import { follow } from './follow.ts';
import { checkedPath, isCommit } from './names.ts';
import { type Answer, interruption } from './network.ts';
import type { Office } from './office.ts';
import { patiently } from './patiently.ts';
import { Interruption } from './refusal.ts';
import type { HubFile, RepoId, Tree } from './repo.ts';
import { isWhole } from './tree-file.ts';

/** The commit that a branch or a tag stands for now. */
export async function askCommit(office: Office, repo: RepoId, revision: string, signal?: AbortSignal): Promise<string> {
  return await explaining({ repo, revision }, office, async () => {
    const { modelInfo, datasetInfo } = await import('@huggingface/hub');
    const asked = {
      name: repo.name,
      revision,
      additionalFields: ['sha' as const],
      hubUrl: office.site.endpoint,
      fetch: fetchOf(office, signal),
    };
    const { sha } = repo.type === 'model' ? await modelInfo(asked) : await datasetInfo(asked);
    if (typeof sha !== 'string' || !isCommit(sha)) throw notAHub(new URL(office.site.endpoint));
    return sha;
  });
}

/** Every file at a commit. Throws bad-name when one would leave its folder. */
export async function askTree(office: Office, repo: RepoId, commit: string, signal?: AbortSignal): Promise<Tree> {
  return await explaining({ repo, revision: commit }, office, async () => {
    const { listFiles } = await import('@huggingface/hub');
    const files = new Map<string, HubFile>();
    const asked = { repo, revision: commit, recursive: true, hubUrl: office.site.endpoint, fetch: fetchOf(office, signal) };
    for await (const { type, path, size, oid = '', lfs, xetHash } of listFiles(asked)) {
      if (type !== 'file') continue;
      const file = {
        path: checkedPath(path, repo),
        size: lfs?.size ?? size,
        oid,
        sha256: lfs?.oid ?? null,
        ...(xetHash ? { xetHash } : {}),
      };
      if (!isWhole(file) || files.has(path)) throw notAHub(new URL(office.site.endpoint));
      files.set(path, file);
    }
    return { repo, commit, files: [...files.values()] };
  });
}

/** What the library calls instead of fetch: through our door, with our patience, and JSON or nothing. It is given no token; the door has it. */
function fetchOf({ network, site: { timing } }: Office, signal: AbortSignal | undefined): typeof fetch {
  return async (input) => {
    const url = new URL(String(input));
    return await patiently(
      async () => {
        const leaves = (next: URL) => url.origin === network.origin && next.origin !== url.origin;
        const { answer, url: last } = await follow(
          network,
          { url, headers: { accept: 'application/json' }, signal },
          { stopBefore: leaves },
        );
        if (answer === null || !String(answer.headers['content-type']).includes('json')) throw notAHub(last);
        return new Response(await wholeJson(answer, last), { headers: headersFor(answer) });
      },
      { timing, signal },
    );
  };
}

/** Its text. One that was cut is an interruption, also when it ended as if it were whole. */
async function wholeJson({ body, url }: Answer, last: URL): Promise<string> {
  const text = await body.text().catch((error: unknown) => {
    throw interruption(error, url);
  });
  const value = parsed(text);
  if (value === undefined) throw new Interruption(`${url.host}: an answer was cut`);
  if (!isFromAHub(value, last)) throw notAHub(last);
  return text;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What is told of a repo is a map; its tree a list of entries with a path. */
function isFromAHub(value: unknown, { pathname }: URL): boolean {
  if (!pathname.includes('/tree/')) return typeof value === 'object' && value !== null && !Array.isArray(value);
  return Array.isArray(value) && value.every((entry: { path?: unknown } | null) => typeof entry?.path === 'string');
}

function headersFor({ headers: { link } }: Answer): Record<string, string> {
  return { 'content-type': 'application/json', ...(link === undefined ? {} : { link: String(link) }) };
}
