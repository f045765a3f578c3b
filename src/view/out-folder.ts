import { existsSync, linkSync, lstatSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Failure, UserError } from '../errors.ts';
import { makeFolder } from '../make-folder.ts';
import type { KeptFile, Plan } from '../plan/planned.ts';
import { chartFiles, report } from '../report/index.ts';
import type { Results } from '../results/schema.ts';
import type { RunResult } from '../run/run.ts';
import { sha256File } from '../store/digest.ts';
import { type Store, writeWhole } from '../store/store.ts';

/** What a run leaves to be shown. */
export interface Finished {
  plan: Plan;
  result: RunResult;
  results: Results;
  store: Store;
}

/** Puts readable names under `out/<pipeline>/`: GGUFs as links into the store, and the reports. All of it can be deleted and comes back. Returns the folder. */
export async function writeOutFolder(out: string, { plan, result, results, store }: Finished): Promise<string> {
  const folder = join(out, plan.pipeline);
  makeFolder(folder);
  const files = filesToKeep(plan, result, results);
  const owned = namesOfEarlierRun(folder);
  if (!plan.partial) removeStaleFiles(folder, owned, files);
  // What failed its check is not put here; what an earlier run put here by its name stays.
  for (const file of files.filter(({ check }) => check === undefined || endedWell(check, result))) {
    const outcome = result.outcomes.get(file.source.task);
    const output = outcome && 'record' in outcome ? outcome.record.outputs.find((stored) => stored.name === file.source.output) : undefined;
    if (output) await linkInto(output.sha256, join(folder, file.name), owned.includes(file.name), store);
  }
  writeWhole(join(folder, 'results.json'), report(results, 'json'));
  writeWhole(join(folder, 'report.md'), report(results, 'md'));
  writeWhole(join(folder, 'report.csv'), report(results, 'csv'));
  writeWhole(join(folder, 'report.html'), report(results, 'html'));
  writeCharts(join(folder, 'charts'), results);
  return folder;
}

/** What an earlier run could draw and this one cannot goes: it would be taken for this one's. */
function writeCharts(folder: string, results: Results): void {
  makeFolder(folder);
  for (const { name, svg } of chartFiles(results)) {
    if (svg === null) rmSync(join(folder, name), { force: true });
    else writeWhole(join(folder, name), svg);
  }
}

function endedWell(task: string, { outcomes }: RunResult): boolean {
  return ['made', 'done'].includes(outcomes.get(task)?.state ?? '');
}

/** `passed` keeps what was measured without a failure and fails no gate; the base stays with it. */
function filesToKeep(plan: Plan, result: RunResult, { gates = [] }: Results): KeptFile[] {
  if (plan.keep === 'none') return [];
  if (plan.keep === 'all') return plan.files;
  const isWell = (task: string) => endedWell(task, result);
  const isRefused = (name: string) => gates.some(({ quant, outcome }) => quant === name && outcome === 'fail');
  const failed = plan.rows.filter(
    (row) =>
      isRefused(row.name) || ![row.quantize, row.divergence, row.samples, ...row.bench].every((task) => task === null || isWell(task)),
  );
  return plan.files.filter((file) => !failed.some((row) => row.fileName === file.name));
}

/** GGUFs that an earlier run put here and this one does not. */
function removeStaleFiles(folder: string, owned: string[], files: KeptFile[]): void {
  for (const name of owned) {
    if (!files.some((file) => file.name === name)) rmSync(join(folder, name), { force: true });
  }
}

/** Files that qpipe made and put here before. One that the user gave has no fallbacks, as nothing is known of its making: never ours. */
function namesOfEarlierRun(folder: string): string[] {
  try {
    const earlier = JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8')) as Results;
    const ofRows = earlier.rows.flatMap(({ file }) => (file?.fallbacks ? [file.name] : []));
    return [...ofRows, ...(earlier.companions ?? []).map(({ name }) => name)];
  } catch {
    return [];
  }
}

async function linkInto(sha256: string, path: string, owned: boolean, store: Store): Promise<void> {
  const object = store.objectPath(sha256);
  if (!existsSync(object)) throw new Failure(`${path} cannot be made: its bytes were removed from the store meanwhile; run again`);
  if (existsSync(path) && statSync(path).ino === statSync(object).ino) return;
  if (!owned && existsSync(path) && !(await isInStore(path, store))) {
    throw new UserError(`${path} is there already and is not qpipe's: move it away, or give the pipeline another name`);
  }
  rmSync(path, { force: true });
  try {
    linkSync(object, path);
  } catch {
    // A file system that has no hard links, or one that is not the store's.
    symlinkSync(relative(join(path, '..'), object), path);
  }
}

/** Nothing is lost when a file goes whose bytes the store holds, or that only points into it. */
async function isInStore(path: string, store: Store): Promise<boolean> {
  return lstatSync(path).isSymbolicLink() || existsSync(store.objectPath(await sha256File(path)));
}
