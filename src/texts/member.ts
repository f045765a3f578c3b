import { type FileHandle, open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { Entry, ZipFile } from 'yauzl';
import { Failure, Stopped, UserError } from '../errors.ts';
import { writeBeside } from './beside.ts';
import { isBomb } from './bomb.ts';
import { startOf, withReason } from './broken.ts';
import { choices } from './choices.ts';

/**
 * Writes one member of a zip archive to the file `to`, which is whole or not there. Reads stored and deflated members, zip64 too. A name in the
 * archive is only ever compared, never used as a path.
 *
 * Throws UserError for what is no zip archive, a member that is not there, twice there, encrypted, compressed in another way, or absurdly large
 * for its bytes; Failure for an archive that is cut or damaged; Stopped when the signal aborts it.
 */
export async function extractMember(zip: string, member: string, to: string, signal?: AbortSignal): Promise<void> {
  await using file = await open(zip, 'r');
  if (!zipStarts.includes(await startOf(file, 4)))
    throw new UserError(`${zip} is not a zip archive: \`member\` names a file inside one; leave it out for a plain text`);
  const archive = await broken(zip, () => openZip(file));
  const entry = await broken(zip, () => findEntry(archive, zip, member, signal));
  refuseUnreadable(entry, zip, member);
  await writeBeside(to, contentOf(archive, entry, zip, member), signal);
}

/** Of a first member, and of an archive without any. */
const zipStarts = ['PK\x03\x04', 'PK\x05\x06'];

async function openZip(file: FileHandle): Promise<ZipFile> {
  const { fromRandomAccessReaderPromise, RandomAccessReader } = await import('yauzl');
  // yauzl's own reader throws out of a callback, past every catch, when an archive names a place beyond all files.
  class Reader extends RandomAccessReader {
    override read(buffer: Buffer, offset: number, length: number, position: number, done: (error: unknown, bytesRead?: number) => void) {
      file.read(buffer, offset, length, position).then(({ bytesRead }) => done(null, bytesRead), done);
    }

    override _readStreamForRange(start: number, end: number) {
      return file.createReadStream({ start, end: end - 1, autoClose: false });
    }
  }
  const { size } = await file.stat();
  // Names are decoded later: yauzl would refuse the whole archive for one name that is no good path, and none of them becomes one.
  return fromRandomAccessReaderPromise(new Reader(), size, { autoClose: false, decodeStrings: false });
}

async function findEntry(archive: ZipFile, zip: string, member: string, signal?: AbortSignal): Promise<Entry> {
  const names: string[] = [];
  let found: Entry | null = null;
  for await (const entry of archive.eachEntry()) {
    if (signal?.aborted) throw new Stopped();
    const name = await nameOf(entry);
    if (name.endsWith('/')) continue;
    names.push(name);
    if (name !== member) continue;
    if (found) throw new UserError(`${zip} holds two members \`${member}\`: unpack the one you mean, and name its file`);
    found = entry;
  }
  if (!found) throw new UserError(`${zip} has no member \`${member}\`; it has ${choices(member, names)}`);
  return found;
}

/** With slashes, also from a Windows program. */
async function nameOf(entry: Entry): Promise<string> {
  const { getFileNameLowLevel } = await import('yauzl');
  return getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, false);
}

function refuseUnreadable(entry: Entry, zip: string, member: string): void {
  const named = `the member \`${member}\` of ${zip}`;
  if (entry.isEncrypted()) throw new UserError(`${named} is encrypted: unpack it, and name the text file`);
  if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8)
    throw new UserError(
      `${named} is compressed by method ${entry.compressionMethod}, which is neither deflate nor stored: unpack it, and name the text file`,
    );
  if (isBomb(entry.compressedSize, entry.uncompressedSize))
    throw new UserError(
      `${named} says that its ${entry.compressedSize} bytes become ${entry.uncompressedSize}: no text does; unpack it yourself if that is right`,
    );
}

/** The bytes, checked at the end; that there are not more of them than the archive says, yauzl checks on the way. */
async function* contentOf(archive: ZipFile, entry: Entry, zip: string, member: string): AsyncGenerator<Buffer> {
  let sum = 0;
  try {
    for await (const block of await archive.openReadStreamPromise(entry)) {
      sum = crc32(block as Buffer, sum);
      yield block as Buffer;
    }
  } catch (thrown) {
    throw withReason(thrown, `${zip} is cut or damaged`);
  }
  if (sum !== entry.crc32)
    throw new Failure(`${zip} is damaged: the bytes of \`${member}\` have another checksum than the archive says; fetch it again`);
}

async function broken<T>(zip: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (thrown) {
    if (thrown instanceof Error && thrown.message === 'strong encryption is not supported')
      throw new UserError(`${zip} is encrypted: unpack it, and name the text file`);
    throw withReason(thrown, `${zip} is cut or damaged`);
  }
}
