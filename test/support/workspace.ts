import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A temporary folder of a test; gone when the test ends. */
export interface Workspace extends Disposable {
  root: string;
  path(...parts: string[]): string;
  write(name: string, content: string | Uint8Array): string;
  read(name: string): string;
}

export function workspace(): Workspace {
  const root = mkdtempSync(join(tmpdir(), 'qpipe-test-'));
  const path = (...parts: string[]) => join(root, ...parts);
  return {
    root,
    path,
    write(name, content) {
      mkdirSync(dirname(path(name)), { recursive: true });
      writeFileSync(path(name), content);
      return path(name);
    },
    read: (name) => readFileSync(path(name), 'utf8'),
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  };
}
