import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import { closeSync, createReadStream, existsSync, mkdtempSync, openSync, readdirSync, rmSync, statfsSync, statSync, writeSync } from 'node:fs';
import { freemem } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

const memoryFolder = '/dev/shm';

/** A new folder with room for twice as many bytes: in memory, so that no disk is measured, or else below the folder that is given. */
export function folderForData(folder, bytes) {
  const inMemory = existsSync(memoryFolder) && hasRoom(memoryFolder, 2.5 * bytes);
  return { data: mkdtempSync(join(inMemory ? memoryFolder : folder, 'qpipe-bench-')), inMemory };
}

function hasRoom(folder, bytes) {
  const { bavail, bsize } = statfsSync(folder);
  return Math.min(bavail * bsize, freemem()) > bytes;
}

/** Bytes that nobody can pack, other ones each time. Returns their sha256. */
export function writeRandom(path, bytes) {
  const cipher = createCipheriv('aes-128-ctr', randomBytes(16), randomBytes(16));
  const hash = createHash('sha256');
  const zeros = Buffer.alloc(16 << 20);
  const file = openSync(path, 'w');
  for (let left = bytes; left > 0; left -= zeros.length) {
    const block = cipher.update(zeros.subarray(0, Math.min(left, zeros.length)));
    hash.update(block);
    writeSync(file, block);
  }
  closeSync(file);
  return hash.digest('hex');
}

/**
 * Takes as much memory as the next download will, and leaves it. A virtual machine hands freed memory back to its host, and to get it again is dearer
 * than most downloads: whoever comes next would pay for it, and the slower ones twice. Does nothing where data lie on a disk.
 */
export function takeMemoryOnce(folder, bytes) {
  if (!folder.startsWith(memoryFolder)) return;
  const path = join(folder, 'nothing');
  const zeros = Buffer.alloc(16 << 20);
  const file = openSync(path, 'w');
  for (let left = bytes; left > 0; left -= zeros.length) writeSync(file, zeros);
  closeSync(file);
  rmSync(path);
}

/** The one file of this size below a folder, wherever a program put it. Throws when there is none, or it has holes. */
export function findDownloaded(folder, bytes) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const path = entries.map((entry) => join(entry.parentPath, entry.name)).find((path) => statSync(path).size === bytes);
  if (path === undefined || statSync(path).blocks * 512 < bytes) throw new Error('it left no whole file');
  return path;
}

export async function digestOf(path) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}
