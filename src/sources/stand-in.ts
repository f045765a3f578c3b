import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Failure } from '../errors.ts';
import { readGguf } from '../gguf/header.ts';
import { readTorchWeights } from '../gguf/torch-weights.ts';
import type { Hub } from '../hub/hub.ts';
import type { HubFile, Tree } from '../hub/repo.ts';

/** How much of a file's beginning is asked for first: most headers end within it. */
const firstBytes = 256 * 1024;

/** A vocabulary of 250,000 words takes some ten million bytes of a GGUF's header; the format of safetensors allows a hundred. */
const largestHeader = 128 * 1024 * 1024;

interface Wanted {
  hub: Hub;
  tree: Tree;
  file: HubFile;
  /** Where the stand-in goes. */
  path: string;
  signal?: AbortSignal | undefined;
}

/** A link to a file's bytes. */
export function linkTo(bytes: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(bytes, path);
}

/** A file with the header and the size of one on the Hub, and a hole where its weights would be. */
export async function standIn(wanted: Wanted): Promise<void> {
  mkdirSync(dirname(wanted.path), { recursive: true });
  let header = await begin(wanted, firstBytes);
  for (;;) {
    writeFileSync(wanted.path, header);
    truncateSync(wanted.path, wanted.file.size);
    const size = headerSize(wanted, header);
    // Of a header that claims more than the file has, its reader tells.
    if (size <= header.length || header.length >= wanted.file.size) return;
    if (size > largestHeader)
      throw new Failure(`${wanted.file.path} of ${wanted.tree.repo.name} has a header of ${size} bytes, which is implausible`);
    header = Buffer.concat([header, await piece(wanted, header.length, size)]);
  }
}

/** Bytes of the header, as far as its beginning tells; of one that is cut and does not tell, twice what is there. */
function headerSize({ file, path }: Wanted, beginning: Buffer): number {
  if (beginning.length < 8) return beginning.length;
  if (file.path.endsWith('.safetensors')) return 8 + Number(beginning.readBigUInt64LE(0));
  if (beginning.length >= file.size) return beginning.length;
  try {
    const end = file.path.endsWith('.gguf') ? readGguf(path).dataOffset : readTorchWeights(path).end;
    return end <= beginning.length ? end : 2 * beginning.length;
  } catch (thrown) {
    // What is wrong with a header that is all there is told by whoever reads it.
    if (2 * beginning.length > largestHeader) throw thrown;
    return 2 * beginning.length;
  }
}

function begin(wanted: Wanted, bytes: number): Promise<Buffer> {
  return piece(wanted, 0, bytes);
}

function piece({ hub, tree, file, signal }: Wanted, start: number, end: number): Promise<Buffer> {
  return hub.readRange(tree, file, { start, end: Math.min(end, file.size) }, signal);
}
