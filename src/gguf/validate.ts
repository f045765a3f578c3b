import { statSync } from 'node:fs';
import { messageOf } from '../errors.ts';
import { readGguf } from './header.ts';

/** What is wrong with a GGUF (structure, or a size other than its header implies), or null. */
export function ggufProblem(path: string): string | null {
  try {
    const { size } = readGguf(path);
    const onDisk = statSync(path).size;
    return onDisk === size ? null : `it has ${onDisk} bytes, its header implies ${size}`;
  } catch (thrown) {
    return messageOf(thrown);
  }
}
