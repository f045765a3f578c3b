import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { Failure } from '../errors.ts';
import { type Gguf, readGguf } from './header.ts';
import { aligned, ggufHead, type KeyValue } from './write.ts';

/** Where the keys begin: behind magic, version and two counts. */
const keysStart = 24;

/** What llama-gguf-split adds to each part. */
const ofSplit = /^split\./;

/** The only alignment that heads are written with here. */
const usual = 32;

const stepBytes = 4 << 20;

/**
 * sha256 of the file that parts were cut from, as if they were put together again. The tool leaves keys, tensors and their order as they are. Null
 * for parts of an unusual alignment. Throws Failure for what is no whole GGUF. @param onRead bytes so far
 */
export async function joinedDigest(parts: string[], onRead: (bytes: number) => void = () => {}): Promise<string | null> {
  const headers = parts.map(readGguf);
  const [first] = headers;
  if (!first || headers.some(({ alignment }) => alignment !== usual)) return null;
  const hash = createHash('sha256');
  const tensors = headers.flatMap((header) => header.tensors);
  hash.update(ggufHead(await keysOf(parts[0] ?? '', first), tensors));
  let done = 0;
  for (const [i, path] of parts.entries()) {
    await addData(hash, path, headers[i] as Gguf, (bytes) => {
      done += bytes;
      onRead(done);
    });
  }
  return hash.digest('hex');
}

/** Each as its bytes lie in the file. */
async function keysOf(path: string, { keyBytes, dataOffset }: Gguf): Promise<KeyValue[]> {
  const head = Buffer.alloc(dataOffset);
  await withFile(path, (file) => file.read(head, 0, dataOffset, 0));
  let at = keysStart;
  return [...keyBytes].flatMap(([key, bytes]): KeyValue[] => {
    const value = head.subarray(at + 8 + Buffer.byteLength(key), at + bytes);
    at += bytes;
    return ofSplit.test(key) ? [] : [[key, value]];
  });
}

async function addData(hash: Hash, path: string, { tensors, dataOffset }: Gguf, onRead: (bytes: number) => void): Promise<void> {
  await withFile(path, async (file) => {
    for (const { name, offset, bytes } of tensors) {
      const buffer = Buffer.alloc(Math.min(stepBytes, bytes));
      for (let done = 0; done < bytes; ) {
        const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, bytes - done), dataOffset + offset + done);
        if (bytesRead === 0) throw new Failure(`${path} ends in the middle of ${name}`);
        hash.update(buffer.subarray(0, bytesRead));
        done += bytesRead;
        onRead(bytesRead);
      }
      hash.update(Buffer.alloc(aligned(bytes) - bytes));
    }
  });
}

async function withFile<T>(path: string, work: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path, 'r');
  try {
    return await work(file);
  } finally {
    await file.close();
  }
}
