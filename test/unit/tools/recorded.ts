import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Output {
  stdout: string;
  stderr: string;
}

/** What a tool of the pinned release printed; made by scripts/record-output.mjs. */
export function recorded(tool: string, name: string): Output {
  const read = (stream: string) =>
    readFileSync(join(import.meta.dirname, '../../fixtures/output', tool, 'v0.5.0', `${name}.${stream}.txt`), 'utf8');
  return { stdout: read('stdout'), stderr: read('stderr') };
}

/** The same, as a terminal of another system may have it. */
export function withCrlf({ stdout, stderr }: Output): Output {
  return { stdout: stdout.replaceAll('\n', '\r\n'), stderr: stderr.replaceAll('\n', '\r\n') };
}

/** The same, with the log's time and level in the middle of every line that has a space. */
export function withGluedPrefix({ stdout, stderr }: Output): Output {
  const glue = (text: string) => text.replace(/^(.*?\S ) ?/gm, (start) => `${start}0.20.008.919 I `);
  return { stdout: glue(stdout), stderr: glue(stderr) };
}

/** Every beginning of a text, in small steps. */
export function beginnings(text: string): string[] {
  return Array.from({ length: Math.ceil(text.length / 7) }, (_, i) => text.slice(0, 7 * i));
}
