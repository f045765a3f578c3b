import type { Pin } from './pin.ts';

/** What the tools print of themselves, from `version: 0.5.0-dev (build 1, commit de3ff81)` or the older `version: 5123 (abcdef0)`. */
export function parseVersion(output: string): string | null {
  return /^version: (.+?)\s*$/m.exec(output)?.[1] ?? null;
}

export function commitOf(version: string): string | null {
  return /\((?:build \d+, commit )?([0-9a-f]{7,40})\)/.exec(version)?.[1] ?? null;
}

/** Whether a build found on PATH is the pinned release. A `-dev` version names many commits, so the commit must agree too. */
export function isPinned(version: string, pin: Pin): boolean {
  const number = version.split(' ')[0];
  if (number === pin.version) return true;
  return number === `${pin.version}-dev` && sameCommit(commitOf(version), pin.commit);
}

export function sameCommit(a: string | null, b: string): boolean {
  return a !== null && (a.startsWith(b) || b.startsWith(a));
}

/** Whether a dotted version is at least another: `3.25.1` and `3.14`. */
export function atLeast(version: string, minimum: string): boolean {
  const [a, b] = [version, minimum].map((text) => text.split('.').map((part) => Number.parseInt(part, 10) || 0)) as [number[], number[]];
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    if ((a[i] ?? 0) !== (b[i] ?? 0)) return (a[i] ?? 0) > (b[i] ?? 0);
  }
  return true;
}
