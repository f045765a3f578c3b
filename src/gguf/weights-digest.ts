import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { Failure } from '../errors.ts';
import { type GgufTensor, readGguf } from './header.ts';

interface Placed extends GgufTensor {
  path: string;
  /** From the start of the file. */
  at: number;
}

const stepBytes = 4 << 20;

/**
 * sha256 over names, types, shapes and bytes of all tensors, whatever else the header says: equal for a file and for the parts it was
 * split into. Throws Failure for what is no whole GGUF.
 */
export async function weightsDigest(parts: string[]): Promise<string> {
  const digests = [...(await tensorDigests(parts))].sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(digests)).digest('hex');
}

/** The same for each tensor, by its name. */
export async function tensorDigests(parts: string[]): Promise<Map<string, string>> {
  const digests = new Map<string, string>();
  for (const path of parts) {
    const file = await open(path, 'r');
    try {
      for (const tensor of placedIn(path)) digests.set(tensor.name, await digestOf(file, tensor));
    } finally {
      await file.close();
    }
  }
  return digests;
}

/** Names, types and shapes alone: a quick way to see that two models differ. */
export function weightsOutline(parts: string[]): string {
  return parts.flatMap(placedIn).map(describe).sort().join('\n');
}

function placedIn(path: string): Placed[] {
  const { tensors, dataOffset } = readGguf(path);
  return tensors.map((tensor) => ({ ...tensor, path, at: dataOffset + tensor.offset }));
}

function describe({ name, type, shape }: GgufTensor): string {
  return `${name} ${type} ${shape.join('x')}`;
}

async function digestOf(file: FileHandle, tensor: Placed): Promise<string> {
  const { name, path, at, bytes } = tensor;
  const hash = createHash('sha256').update(describe(tensor));
  const buffer = Buffer.alloc(Math.min(stepBytes, bytes));
  for (let done = 0; done < bytes; ) {
    const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, bytes - done), at + done);
    if (bytesRead === 0) throw new Failure(`${path} ends in the middle of ${name}`);
    hash.update(buffer.subarray(0, bytesRead));
    done += bytesRead;
  }
  return hash.digest('hex');
}
