import type { Watched } from '../machine/watch.ts';
import type { Plan, Row } from '../plan/planned.ts';
import type { Task } from '../plan/task.ts';
import type { BenchResult } from '../run/operations/bench.ts';
import type { LoadResult } from '../run/operations/load.ts';
import type { SustainedResult } from '../run/operations/sustained.ts';
import type { SweepResult } from '../run/operations/sweep.ts';
import type { Finder } from './finder.ts';
import { generationLimitOf } from './limit.ts';
import { loadOf } from './load.ts';
import { machineNotes, machineStateOf } from './machine-state.ts';
import type { ResultRow, Results } from './schema.ts';
import { type Speeds, speedsOf } from './speed.ts';
import { sustainedMarks, sustainedOf } from './sustained.ts';
import { sweepOf } from './sweep.ts';

interface SpeedOfRow {
  numbers: Pick<ResultRow, 'promptSpeed' | 'generationSpeed' | 'depths' | 'readPerToken' | 'sustained' | 'load'>;
  marks: string[];
  missing: ResultRow['notMeasured'];
}

/** How fast a row is, how long it takes to load, what memory it needs; and why a part of that is missing. */
export function speedOfRow(row: Row, plan: Plan, find: Finder): SpeedOfRow {
  const rounds = row.bench.flatMap((task) => find.record(task) ?? []);
  const measured = rounds.length > 0 ? speedsOf(rounds) : null;
  const sustained = find.result<SustainedResult>(row.sustained);
  return {
    numbers: {
      ...(measured?.ok ? measured.speeds : {}),
      ...(sustained ? { sustained: sustainedOf(sustained) } : {}),
      ...loadOfRow(row, plan, find),
    },
    marks: [...(measured?.ok ? measured.marks : []), ...(sustained ? sustainedMarks(sustained) : [])],
    missing: missingOf(row, find, measured),
  };
}

function missingOf(row: Row, find: Finder, measured: Speeds | null): ResultRow['notMeasured'] {
  const speed = row.speedNotMeasured ?? (measured ? (measured.ok ? null : measured.reason) : find.reason(row.bench[0] ?? null));
  const load = row.loadNotMeasured ?? (row.load === null || find.record(row.load) ? null : find.reason(row.load));
  return {
    ...(speed === null ? {} : { speed }),
    ...(row.sustained === null || find.record(row.sustained) ? {} : { sustained: find.reason(row.sustained) }),
    ...(load === null ? {} : { load }),
  };
}

function loadOfRow({ load }: Row, plan: Plan, find: Finder): Pick<ResultRow, 'load'> {
  const result = find.result<LoadResult>(load);
  const task = plan.tasks.find(({ id }) => id === load) as Task<'load'> | undefined;
  return result && task ? { load: loadOf(task.params, result) } : {};
}

/** What the speeds of all rows tell of the machine. */
export function speedOfAll(plan: Plan, rows: ResultRow[], find: Finder): Pick<Results, 'sweep' | 'generationLimit'> {
  const swept = sweptBy(plan, find);
  const generationLimit = generationLimitOf(rows);
  return {
    ...(plan.sweep && swept ? { sweep: sweepOf(swept, plan.sweep.row) } : {}),
    ...(generationLimit ? { generationLimit } : {}),
  };
}

/** With the threads that a sweep found. */
export function benchConditions(bench: NonNullable<Plan['conditions']['bench']>, plan: Plan, find: Finder): Results['conditions']['bench'] {
  const best = sweptBy(plan, find)?.best;
  return best ? { ...bench, threads: best.prompt, generationThreads: best.generation } : bench;
}

function sweptBy({ sweep }: Plan, find: Finder): SweepResult | null {
  return find.result<SweepResult>(sweep?.task ?? null);
}

export function notesOnMachine(plan: Plan, find: Finder): string[] {
  return machineNotes(watchedIn(plan, find), plan.conditions.machine.cores);
}

export function machineState(plan: Plan, find: Finder): Pick<Results['conditions'], 'state'> {
  const state = machineStateOf(watchedIn(plan, find));
  return state ? { state } : {};
}

/** How the machine was during each measurement of speed. */
function watchedIn({ rows }: Plan, find: Finder): Watched[] {
  return rows.flatMap(({ bench }) => bench.flatMap((task) => find.result<BenchResult>(task)?.machine ?? []));
}
