import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import pLimit from 'p-limit';
import { digestOf } from '../plan/canonical.ts';
import { keyOf, type Preimage } from '../plan/key.ts';
import { sha256File } from '../store/digest.ts';
import type { Store } from '../store/store.ts';

export interface StoreVerdict {
  objects: number;
  bytes: number;
  records: number;
  /** Objects that records speak of and that were dropped since: nobody keeps them, or they were removed. */
  gone: number;
  problems: StoreProblem[];
}

interface StoreProblem {
  /** Digest of the object, or key of the record. */
  id: string;
  kind: 'object' | 'record';
  problem: string;
  /** A task that made it. */
  task: string | null;
}

export interface StoreOptions {
  signal?: AbortSignal;
  /** Bytes of all objects so far, and in all. */
  onProgress?: (done: number, total: number) => void;
}

/** Objects hashed at once: more only makes a disk seek. */
const hashing = pLimit(2);

/** Reads every object and every record. Changes nothing. Throws Stopped when the signal aborts it. */
export async function verifyStore(store: Store, { signal, onProgress = () => {} }: StoreOptions = {}): Promise<StoreVerdict> {
  const objects = filesIn(store, 'cas');
  const sizes = new Map(objects.map((sha256) => [sha256, statSync(store.objectPath(sha256)).size]));
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  let done = 0;
  const hash = (sha256: string) =>
    hashing(async () => {
      let before = 0;
      const onRead = (bytes: number) => {
        done += bytes - before;
        before = bytes;
        onProgress(done, total);
      };
      const is = await sha256File(store.objectPath(sha256), { onRead, ...(signal ? { signal } : {}) });
      return is === sha256 ? null : { sha256, is };
    });
  const changed = (await Promise.all(objects.map(hash))).flatMap((one) => one ?? []);
  const records = store.records();
  const makers = new Map(records.flatMap(({ task, outputs }) => outputs.map(({ sha256 }) => [sha256, task] as const)));
  const problems = [
    ...changed.map(({ sha256, is }): StoreProblem => {
      return { id: sha256, kind: 'object', problem: `its bytes have the digest ${is}`, task: makers.get(sha256) ?? null };
    }),
    ...recordProblems(store),
  ];
  const gone = [...makers.keys()].filter((sha256) => !existsSync(store.objectPath(sha256))).length;
  return { objects: objects.length, bytes: total, records: records.length, gone, problems };
}

/** A record stands under the key of what it says it was made from. */
function recordProblems(store: Store): StoreProblem[] {
  return filesIn(store, 'ac').flatMap((name): StoreProblem[] => {
    const key = basename(name, '.json');
    const record = store.read(key);
    if (!record) return [{ id: key, kind: 'record', problem: 'it cannot be read, or was written for another key', task: null }];
    const problem = 'what it says it was made from has another key';
    return keysOf(record.preimage as Preimage).includes(key) ? [] : [{ id: key, kind: 'record', problem, task: record.task }];
  });
}

/** As a task, or as what is made beside tasks: the parts that a file is published in. */
function keysOf(preimage: Preimage): string[] {
  return [keyOf(preimage), digestOf(preimage.op, preimage)];
}

function filesIn(store: Store, room: 'ac' | 'cas'): string[] {
  const folder = store.path(room);
  const below = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()) : [];
  // Others may be writing: what has another name is on its way to becoming an object.
  const isWhole = (name: string) => (room === 'ac' ? name.endsWith('.json') && !name.startsWith('.') : /^[0-9a-f]{64}$/.test(name));
  return below.flatMap(({ name }) => readdirSync(store.path(room, name)).filter(isWhole));
}
