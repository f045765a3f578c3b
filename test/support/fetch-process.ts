import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Tree } from '../../src/hub/repo.ts';
import type { HubSite } from '../../src/hub/site.ts';
import type { HubLab } from './hub-lab.ts';

const script = fileURLToPath(new URL('./fetch-from-hub.mjs', import.meta.url));

export interface FetchProcess {
  child: ChildProcess;
  /** Its exit code, null when it was killed. */
  ended: Promise<number | null>;
  /** Resolves when it has said that a file is in this phase, or when it has ended. */
  says(phase: string): Promise<void>;
  /** What it said last. */
  result(): { received: number; peakBytes: number };
  errors(): string;
}

let count = 0;

/** Fetches all files of a tree in a process of its own, with the built library. */
export function fetchInProcess(lab: HubLab, tree: Tree, changes: Partial<HubSite> = {}): FetchProcess {
  const spec = { site: { ...lab.site, ...changes }, tree };
  const file = lab.space.write(`fetch-${count++}.json`, JSON.stringify(spec));
  const child = spawn(process.execPath, [script, file], { stdio: ['ignore', 'pipe', 'pipe'] });
  const printed = { out: '', err: '' };
  child.stdout.on('data', (text) => (printed.out += text));
  child.stderr.on('data', (text) => (printed.err += text));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  let over = false;
  void ended.then(() => {
    over = true;
  });
  return {
    child,
    ended,
    says: (phase) => until(() => over || printed.out.includes(`"${phase}"`)),
    result: () => JSON.parse(printed.out.trim().split('\n').at(-1) ?? ''),
    errors: () => printed.err,
  };
}

/** Waits for a state, and lets everything else happen meanwhile. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 1));
}
