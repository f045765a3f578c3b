import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { Failure, Stopped } from '../errors.ts';
import { freeBytes } from '../free-bytes.ts';
import { readGguf } from '../gguf/header.ts';
import { ggufProblem } from '../gguf/validate.ts';
import { digestOf } from '../plan/canonical.ts';
import { decimalSize } from '../report/format.ts';
import { spawn } from '../spawn.ts';
import type { StoredOutput } from '../store/record.ts';
import type { Store } from '../store/store.ts';
import { shardOf, splitArguments } from '../tools/gguf-split.ts';

export interface SplitRequest {
  /** Of the file, in the store. */
  sha256: string;
  /** What the shards are called: `Llama-2-7B-Q8_0`. */
  stem: string;
  /** Bytes of a shard at most. */
  largest: number;
  /** Folder of llama.cpp's programs. */
  programs: string;
  signal?: AbortSignal | undefined;
}

/** The shards of a file, checked; made once and kept in the store as everything else. Throws Failure. */
export async function splitFile(store: Store, request: SplitRequest): Promise<StoredOutput[]> {
  const { sha256, stem, largest, signal } = request;
  const preimage = {
    op: 'split',
    opVersion: 1,
    params: { stem, largest },
    inputs: { source: [{ name: 'source.gguf', sha256 }] },
    identity: {},
  };
  const key = digestOf('split', preimage);
  using _lock = await store.lockKey(key, { what: `split ${stem}`, signal });
  const made = store.read(key);
  if (made && store.damaged(made).length === 0) return made.outputs;
  refuseFullDisk(store, request);
  const attempt = store.newAttempt(key);
  const started = new Date();
  try {
    const command = await runSplit(store, request, attempt);
    const shards = shardsIn(attempt, stem, store.objectPath(sha256));
    const { outputs } = await store.commit(attempt, shards, {
      key,
      task: `split:${stem}`,
      preimage,
      result: { shards: shards.length },
      commands: [command],
      startedAt: started.toISOString(),
      seconds: (Date.now() - started.getTime()) / 1000,
      threads: 1,
      host: hostname(),
    });
    return outputs;
  } finally {
    rmSync(attempt, { recursive: true, force: true });
  }
}

/** Before the disk is full of halves. */
function refuseFullDisk(store: Store, { sha256, stem }: SplitRequest): void {
  const [needed, free] = [statSync(store.objectPath(sha256)).size * 1.05, freeBytes(store.root)];
  if (free < needed)
    throw new Failure(`${stem} cannot be split: its parts take ${decimalSize(needed)}, and ${decimalSize(free)} are free at ${store.root}`);
}

async function runSplit(store: Store, { sha256, stem, largest, programs, signal }: SplitRequest, attempt: string): Promise<string[]> {
  const [stdout, stderr] = ['#stdout', '#stderr'].map((name) => join(attempt, name)) as [string, string];
  const args = splitArguments(store.objectPath(sha256), stem, largest);
  const file = join(programs, 'llama-gguf-split');
  const { code, cancelled } = await spawn({ file, args, cwd: attempt, stdout, stderr, signal });
  if (code === 0) return ['llama-gguf-split', ...splitArguments('source.gguf', stem, largest)];
  if (cancelled) throw new Stopped();
  const last = lastLine(stderr) || lastLine(stdout) || `exit code ${code}`;
  throw new Failure(`${stem} could not be split into files of at most ${largest} bytes: ${last}`);
}

/** What is there has to be the source, tensor by tensor: the tool's exit code is not believed. */
function shardsIn(attempt: string, stem: string, source: string): { name: string; path: string }[] {
  const names = readdirSync(attempt)
    .filter((name) => shardOf(name, stem))
    .sort();
  const wrong = (what: string) => new Failure(`llama-gguf-split exited with 0, but its shards of ${stem} are not the file: ${what}`);
  const tensors = names.flatMap((name, i) => {
    const path = join(attempt, name);
    const problem = ggufProblem(path);
    if (problem) throw wrong(`${name}: ${problem}`);
    const shard = shardOf(name, stem);
    if (shard?.number !== i + 1 || shard.count !== names.length) throw wrong(`${names.length} files are there, among them ${name}`);
    const { metadata, tensors: own } = readGguf(path);
    if (Number(metadata.get('split.count')) !== names.length || Number(metadata.get('split.no')) !== i)
      throw wrong(`${name} says that it is another part`);
    return own;
  });
  const shape = (one: (typeof tensors)[number]) => `${one.name} ${one.type} ${one.bytes}`;
  const wanted = readGguf(source).tensors.map(shape).sort().join('\n');
  if (tensors.map(shape).sort().join('\n') !== wanted) throw wrong('they do not have its tensors');
  return names.map((name) => ({ name, path: join(attempt, name) }));
}

function lastLine(file: string): string {
  return readFileSync(file, 'utf8').trim().split('\n').at(-1) ?? '';
}
