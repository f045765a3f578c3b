import type { LocalFile } from '../../hub/writer.ts';
import type { Step } from '../outcome.ts';

/**
 * Of builds, the oldest first, those beyond the ones that stay. The way back goes last: a build of the newest one's run that was mended is none.
 */
export function buildsToGo(builds: string[], { name, keep, wayBack }: { name: string; keep: number; wayBack: string | null }): string[] {
  const others = builds.filter((other) => other !== name).toSorted((a, b) => Number(a === wayBack) - Number(b === wayBack));
  return others.slice(0, Math.max(0, others.length - (keep - 1)));
}

/** Of a build that is yet to come. */
export function comingSteps(name: string, files: LocalFile[]): Step[] {
  return [
    ...files.map(({ path, size }): Step => ({ what: 'send', path: `builds/${name}/${path}`, size })),
    { what: 'change', path: `latest: builds/${name}`, size: 0 },
  ];
}

export function goingSteps(goes: string[]): Step[] {
  return goes.map((old) => ({ what: 'remove', path: `builds/${old}`, size: 0 }));
}

/** The run's id, or the name of a further build of it. @param n from 1 */
export function numbered(run: string, n: number): string {
  return n === 1 ? run : `${run}-${n}`;
}

/** Whether a build is named after a run. */
export function isOfRun(build: string, run: string): boolean {
  return build === run || (build.startsWith(`${run}-`) && /^\d+$/.test(build.slice(run.length + 1)));
}
