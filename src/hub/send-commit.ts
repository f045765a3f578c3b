import { pathToFileURL } from 'node:url';
import type { CommitOperation } from '@huggingface/hub';
import type { Office } from './office.ts';
import { Progress, type Watch } from './progress.ts';
import { turns } from './turns.ts';
import { partsAtOnce, uploadFetch } from './upload-fetch.ts';
import type { CommitRequest, LocalFile } from './writer.ts';

/** Set when the commit itself was asked for. */
export interface Attempt {
  asked: boolean;
}

/** One go at a commit, by the library: it knows the protocol, and our door the network. Returns the commit's id. */
export async function sendCommit(office: Office, request: CommitRequest, attempt: Attempt): Promise<string> {
  const { repo, parent, title, add, remove, signal } = request;
  const watches = watchesOf(request);
  const { commitIter } = await import('@huggingface/hub');
  const steps = commitIter({
    repo,
    title,
    parentCommit: parent,
    branch: 'main',
    operations: [...add.map(operationOf), ...remove.map((path) => ({ operation: 'delete' as const, path }))],
    hubUrl: office.site.endpoint,
    useXet: false,
    ...(signal ? { abortSignal: signal } : {}),
    fetch: uploadFetch({
      office,
      parts: turns(partsAtOnce),
      signal,
      onSent: (path, bytes) => (bytes < 0 ? watches.get(path)?.kept(bytes) : watches.get(path)?.came(bytes)),
      onRetry: (path) => watches.get(path)?.retried(),
      onCommit: () => {
        attempt.asked = true;
      },
    }),
  });
  for (;;) {
    const step = await steps.next();
    if (step.done) {
      for (const watch of watches.values()) watch.done();
      return step.value?.commit.oid ?? '';
    }
    if (step.value.event === 'fileProgress') follow(watches.get(step.value.path), step.value);
  }
}

function follow(watch: Watch | undefined, { state, progress }: { state: string; progress: number }): void {
  if (state === 'hashing') watch?.enter('checking');
  else if (progress === 1) watch?.done();
  else watch?.enter('uploading');
}

function watchesOf({ add, onProgress }: CommitRequest): Map<string, Watch> {
  const files = add.map(({ path, size, sha256 }) => ({ path, size, oid: '', sha256 }));
  const progress = new Progress(files, onProgress);
  return new Map(files.map((file) => [file.path, progress.watch(file)]));
}

/** A large file is read where it lies, piece by piece. */
function operationOf({ path, content }: LocalFile): CommitOperation {
  const source = 'path' in content ? pathToFileURL(content.path) : new Blob([new Uint8Array(content.bytes)]);
  return { operation: 'addOrUpdate', path, content: source };
}
