import { createHash, type Hash } from 'node:crypto';
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
  const hash = createHash('sha256');
  const tensors = parts.flatMap(placedIn).sort((a, b) => (a.name < b.name ? -1 : 1));
  const files = new Map<string, FileHandle>();
  try {
    for (const path of parts) files.set(path, await open(path, 'r'));
    for (const tensor of tensors) {
      hash.update(`${describe(tensor)}\n`);
      await addBytes(hash, files.get(tensor.path) as FileHandle, tensor);
    }
    return hash.digest('hex');
  } finally {
    for (const file of files.values()) await file.close();
  }
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

async function addBytes(hash: Hash, file: FileHandle, { name, path, at, bytes }: Placed): Promise<void> {
  const buffer = Buffer.alloc(Math.min(stepBytes, bytes));
  for (let done = 0; done < bytes; ) {
    const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, bytes - done), at + done);
    if (bytesRead === 0) throw new Failure(`${path} ends in the middle of ${name}`);
    hash.update(buffer.subarray(0, bytesRead));
    done += bytesRead;
  }
}
