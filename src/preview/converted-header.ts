import { join } from 'node:path';
import { Failure, isSystemError } from '../errors.ts';
import { type Gguf, readGguf } from '../gguf/header.ts';
import { FileReader } from '../gguf/reader.ts';
import { packageRoot } from '../package-root.ts';
import type { Task } from '../plan/task.ts';
import { converterCall } from '../run/operations/convert.ts';
import { DryDesk } from './dry-desk.ts';
import type { Place } from './place.ts';

/** What convert will make but for its weights: exact, as the converter itself wrote it. */
export interface ConvertedHeader {
  gguf: Gguf;
  /** The file's own bytes up to its data. */
  head: Buffer;
}

const headersOnly = join(packageRoot, 'vendor', 'llama.cpp', 'headers-only.py');

/**
 * Asks the converter, which takes some seconds and neither reads nor writes a weight. Null where it is not set up, where it would have to look at
 * weights, and where it fails: what then is wrong the task itself will tell.
 */
export async function convertedHeader(task: Task<'convert'>, place: Place): Promise<ConvertedHeader | null> {
  const { converter, needImatrix } = place.facts.tools;
  const inputs = Object.values(task.inputs).flat();
  // A model's own code is trusted to run when it is converted, not when somebody only looks.
  if (!converter || needImatrix === null || inputs.some(({ name }) => name.endsWith('.py'))) return null;
  using desk = new DryDesk(task, place);
  try {
    for (const input of inputs) desk.link(input.name, place.path(input) ?? '');
    const { args, ...call } = converterCall(desk);
    await desk.call({ ...call, args: [headersOnly, ...args] });
    return readWhole(join(desk.folder, task.outputs[0] ?? ''));
  } catch (thrown) {
    if (thrown instanceof Failure || isSystemError(thrown)) return null;
    throw thrown;
  }
}

/** Throws Failure for a file that is not what its header says. */
function readWhole(path: string): ConvertedHeader {
  const gguf = readGguf(path);
  using reader = new FileReader(path);
  if (reader.fileSize !== gguf.size) throw new Failure(`${path} has ${reader.fileSize} bytes, its header implies ${gguf.size}`);
  return { gguf, head: reader.bytes(gguf.dataOffset) };
}
