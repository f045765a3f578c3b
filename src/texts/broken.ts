import type { FileHandle } from 'node:fs/promises';
import { Failure, isSystemError, messageOf, Stopped, UserError } from '../errors.ts';

/** What a reader of archives threw, as a sentence for people; what is one already, and errors of the operating system, as they are. */
export function withReason(thrown: unknown, sentence: string): unknown {
  const isExplained = thrown instanceof UserError || thrown instanceof Failure || thrown instanceof Stopped;
  return isExplained || isSystemError(thrown) ? thrown : new Failure(`${sentence}: ${messageOf(thrown)}; fetch it again`);
}

/** The first bytes of a file, which say what it is; fewer when it has fewer. */
export async function startOf(file: FileHandle, size: number): Promise<string> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, 0);
  return buffer.toString('latin1', 0, bytesRead);
}
