import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { KeptFile, Plan } from '../plan/task.ts';
import { report } from '../report/index.ts';
import type { Results } from '../results/schema.ts';
import type { RunResult } from '../run/run.ts';
import { type Store, writeWhole } from '../store/store.ts';

/** Puts readable names under `out/<pipeline>/`: GGUFs as links into the store, and the reports. All of it can be deleted and comes back. Returns the folder. */
export function writeOutFolder(out: string, plan: Plan, result: RunResult, results: Results, store: Store): string {
  const folder = join(out, plan.pipeline);
  mkdirSync(folder, { recursive: true });
  const files = filesToKeep(plan, result);
  removeStaleFiles(folder, files);
  for (const file of files) {
    const outcome = result.outcomes.get(file.source.task);
    const output = outcome && 'record' in outcome ? outcome.record.outputs.find((stored) => stored.name === file.source.output) : undefined;
    if (output) linkInto(store.objectPath(output.sha256), join(folder, file.name));
  }
  writeWhole(join(folder, 'results.json'), report(results, 'json'));
  writeWhole(join(folder, 'report.md'), report(results, 'md'));
  writeWhole(join(folder, 'report.csv'), report(results, 'csv'));
  return folder;
}

/** `passed` keeps what was measured without a failure; the base stays with it. */
function filesToKeep(plan: Plan, result: RunResult): KeptFile[] {
  if (plan.keep === 'none') return [];
  if (plan.keep === 'all') return plan.files;
  const isWell = (task: string) => ['made', 'done'].includes(result.outcomes.get(task)?.state ?? '');
  const failed = plan.rows.filter((row) => ![row.quantize, row.divergence, ...row.bench].every((task) => task === null || isWell(task)));
  return plan.files.filter((file) => !failed.some((row) => row.fileName === file.name));
}

/** GGUFs that an earlier run put here and this one does not. Files of the user are left alone. */
function removeStaleFiles(folder: string, files: KeptFile[]): void {
  for (const name of namesOfEarlierRun(folder)) {
    if (!files.some((file) => file.name === name)) rmSync(join(folder, name), { force: true });
  }
}

function namesOfEarlierRun(folder: string): string[] {
  try {
    const earlier = JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8')) as Results;
    return earlier.rows.flatMap((row) => (row.kind !== 'compare' && row.file && row.file.name.endsWith('.gguf') ? [row.file.name] : []));
  } catch {
    return [];
  }
}

function linkInto(object: string, path: string): void {
  if (existsSync(path) && statSync(path).ino === statSync(object).ino) return;
  rmSync(path, { force: true });
  try {
    linkSync(object, path);
  } catch {
    // Another file system, or one without hard links.
    symlinkSync(relative(join(path, '..'), object), path);
  }
}
