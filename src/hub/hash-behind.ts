import { Worker } from 'node:worker_threads';
import { Stopped } from '../errors.ts';
import type { Identity } from './identity.ts';

/** Hashes a file behind those who write it, so that its digest is ready with its last byte. */
export interface HashBehind {
  /** So many bytes from the beginning are written. */
  upTo(bytes: number): void;
  /** In hex, when all bytes are written. Throws Stopped. */
  digest(signal: AbortSignal): Promise<string>;
  /** Afterwards nothing reads the file any more. */
  end(): Promise<void>;
}

/** @param fd open for reading, and until `end` */
export function hashBehind(fd: number, size: number, { algorithm, prefix }: Identity): HashBehind {
  const worker = new Worker(source, { eval: true, execArgv: [], workerData: { fd, size, algorithm, prefix } });
  const digest = new Promise<string>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => reject(new Stopped()));
  });
  // When the bytes themselves do not come, nobody asks for their digest.
  digest.catch(() => {});
  return {
    upTo: (bytes) => worker.postMessage(bytes),
    digest: async (signal) => {
      const stop = () => void worker.terminate();
      signal.addEventListener('abort', stop, { once: true });
      if (signal.aborted) stop();
      return await digest.finally(() => signal.removeEventListener('abort', stop));
    },
    end: async () => void (await worker.terminate()),
  };
}

/** A text and no file: the command is bundled, tests run TypeScript, and both have to find it. */
const source = `
const { parentPort, workerData: { fd, size, algorithm, prefix } } = require('node:worker_threads');
const { readSync } = require('node:fs');
const hash = require('node:crypto').createHash(algorithm).update(prefix);
// Small enough to be still in the processor's own memory when it is hashed.
const block = Buffer.allocUnsafe(Math.min(size, 1 << 18));
let at = 0;
parentPort.on('message', (end) => {
  while (at < end) {
    const bytes = readSync(fd, block, 0, Math.min(block.length, end - at), at);
    if (bytes === 0) throw new Error('the file became shorter while it was hashed');
    hash.update(block.subarray(0, bytes));
    at += bytes;
  }
  if (at === size) parentPort.postMessage(hash.digest('hex'));
});
`;
