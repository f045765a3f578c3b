import { basename, isAbsolute } from 'node:path';
import type { Outcome } from '../run/outcome.ts';
import { shellLine } from '../run/shell.ts';
import type { Results } from './schema.ts';

type Work = NonNullable<Results['work']>[number];

/** Commands to repeat a run by hand: one entry for all tasks that ran the same ones, in the order in which they were done. */
export function workOf(outcomes: Map<string, Outcome>): Work[] {
  const found = new Map<string, Work>();
  for (const [task, outcome] of outcomes) {
    if (!('record' in outcome) || outcome.record.commands.length === 0) continue;
    const { commands, seconds } = outcome.record;
    const [operation = task] = task.split(':');
    const lines = commands.filter((words) => !words.includes('--dry-run')).map((words) => shellLine(plain(words)));
    const same = JSON.stringify([operation, lines]);
    const earlier = found.get(same) ?? { operation, task, tasks: 0, seconds: 0, commands: lines };
    found.set(same, { ...earlier, tasks: earlier.tasks + 1, seconds: earlier.seconds + seconds });
  }
  return [...found.values()];
}

/** Provenance changes no number, and a path of this machine is nobody else's. A script stands behind its own name: it is said once. */
function plain(words: string[]): string[] {
  const kept = words.filter((_, i) => {
    const isProvenance = (at: number) => words[at] === '--override-kv' && words[at + 1]?.startsWith('qpipe.');
    return !isProvenance(i) && !isProvenance(i - 1);
  });
  const named = kept.map((word) => (isAbsolute(word) ? basename(word) : word));
  return named.filter((word, i) => i !== 1 || word !== named[0]);
}
