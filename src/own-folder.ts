import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Makes a folder that is named after this process, and removes what killed ones have left under the same prefix. @param parent has to be there */
export function ownFolder(parent: string, prefix: string): string {
  removeOrphans(parent, prefix);
  return mkdtempSync(join(parent, `${prefix}-${process.pid}-`));
}

/** Removes the folders of killed processes under a prefix. */
export function removeOrphans(parent: string, prefix: string): void {
  for (const name of readdirSync(parent)) {
    const pid = name.startsWith(`${prefix}-`) ? Number(/^(\d+)-/.exec(name.slice(prefix.length + 1))?.[1] ?? 0) : 0;
    if (pid > 0 && !isAlive(pid)) rmSync(join(parent, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    // Somebody else's process is one all the same.
    return (thrown as NodeJS.ErrnoException).code === 'EPERM';
  }
}
