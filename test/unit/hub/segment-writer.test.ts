import { crc32 } from 'node:zlib';
import { expect, test } from 'vitest';
import { SegmentWriter } from '../../../src/hub/segment-writer.ts';
import { someBytes } from '../../support/hub-lab.ts';

const bytes = someBytes(5_000_000);

/** A file that takes so many bytes at a time. */
function fileTaking(most: number) {
  const written = Buffer.alloc(bytes.length + 100);
  const calls: number[] = [];
  const writev = async (pieces: Buffer[], at: number) => {
    const all = Buffer.concat(pieces);
    const bytesWritten = all.copy(written, at, 0, Math.min(most, all.length));
    calls.push(bytesWritten);
    return { bytesWritten };
  };
  return { file: { writev }, written, calls };
}

async function write(writer: SegmentWriter, pieceBytes: number): Promise<Buffer[]> {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    const piece = Buffer.allocUnsafeSlow(Math.min(pieceBytes, bytes.length - at));
    bytes.copy(piece, 0, at);
    pieces.push(piece);
    await writer.write(piece);
  }
  return pieces;
}

test('bytes come to their place, summed up, two megabytes at a time', async () => {
  const { file, written, calls } = fileTaking(Number.POSITIVE_INFINITY);
  const writer = new SegmentWriter(file, 100);
  await write(writer, 65_536);
  expect(await writer.end()).toBe(crc32(bytes));
  expect(written.subarray(100).equals(bytes)).toBe(true);
  expect(calls).toEqual([2 << 20, 2 << 20, bytes.length - (4 << 20)]);
});

test('a disk that takes less than it is given is given the rest', async () => {
  const { file, written } = fileTaking(99_999);
  const writer = new SegmentWriter(file, 0);
  await write(writer, 65_536);
  await writer.end();
  expect(written.subarray(0, bytes.length).equals(bytes)).toBe(true);
});

test('what is written holds no memory any more', async () => {
  const { file } = fileTaking(Number.POSITIVE_INFINITY);
  const writer = new SegmentWriter(file, 0);
  const pieces = await write(writer, 65_536);
  expect(pieces.filter(({ length }) => length > 0)).toHaveLength(pieces.length - 64);
  await writer.end();
  expect(pieces.every(({ length }) => length === 0)).toBe(true);
});
