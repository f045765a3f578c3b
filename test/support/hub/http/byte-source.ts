import { open } from 'node:fs/promises';
import type { Answer } from './answer.ts';

/** Bytes that can be had from any offset. */
export interface ByteSource {
  size: number;
  contentType: string;
  /** Whether ranges of it are given. */
  ranges: boolean;
  /** Fills a piece of the buffer from its beginning. Past the end there is nothing but zeros. */
  read(into: Buffer, length: number, position: number): Promise<void>;
  close(): Promise<void>;
}

export async function sourceOf(body: Answer['body']): Promise<ByteSource> {
  if (body === undefined) return inMemory(Buffer.alloc(0), 'text/plain');
  if ('json' in body) return inMemory(Buffer.from(JSON.stringify(body.json)), 'application/json; charset=utf-8');
  if ('text' in body) return inMemory(Buffer.from(body.text), body.contentType);
  const file = await open(body.file);
  return {
    size: body.size,
    contentType: 'application/octet-stream',
    ranges: true,
    read: async (into, length, position) => {
      const { bytesRead } = await file.read(into, 0, length, position);
      into.fill(0, bytesRead, length);
    },
    close: () => file.close(),
  };
}

function inMemory(bytes: Buffer, contentType: string): ByteSource {
  return {
    size: bytes.length,
    contentType,
    ranges: false,
    read: async (into, length, position) => {
      const copied = bytes.copy(into, 0, position, position + length);
      into.fill(0, copied, length);
    },
    close: async () => {},
  };
}
