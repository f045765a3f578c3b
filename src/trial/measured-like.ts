import { isDeepStrictEqual } from 'node:util';
import type { Plan, Row } from '../plan/planned.ts';
import type { Input, Op, Task } from '../plan/task.ts';
import { producersOf } from '../run/inputs.ts';
import { neededFor } from './needed.ts';
import { withOwnFetches } from './own-fetches.ts';

/** What makes a build's files. Everything else measures them. */
const making: ReadonlySet<Op> = new Set(['fetch', 'merge', 'convert', 'probe', 'imatrix', 'quantize']);

/**
 * An earlier build's files, measured as a later plan measures its own: with its texts, settings and tools. Rows that only one of both has are
 * left out. Null where the later measurements do not fit what the earlier build has.
 */
export function measuredLike(earlier: Plan, later: Plan): Plan | null {
  const renamed = withOwnFetches(later);
  const rows = renamed.rows.flatMap((row) => {
    const before = earlier.rows.find(({ name, kind }) => name === row.name && kind === row.kind);
    return before ? [{ before, row }] : [];
  });
  const made = byId(earlier.tasks.filter(({ op }) => making.has(op)));
  const measured = byId(renamed.tasks.filter(({ op }) => op === 'fetch' || !making.has(op)).map((task) => withFilesOf(rows, task)));
  const mixed = rows.map(({ before, row }) => madeAs(before, row));
  const tasks = neededFor(mixed, (id) => made.get(id) ?? measured.get(id));
  if (!isWhole(tasks)) return null;
  const { imatrix, converter } = earlier.conditions;
  const { shape, sources } = earlier;
  return { ...renamed, rows: mixed, tasks, shape, sources, conditions: { ...later.conditions, imatrix, converter } };
}

function byId(tasks: Task[]): Map<string, Task> {
  return new Map(tasks.map((task) => [task.id, task]));
}

/** What is measured of a row's file is measured of the earlier one. A file that is none of these stands for nothing: its task is left without. */
function withFilesOf(rows: { before: Row; row: Row }[], task: Task): Task {
  const inputs = Object.entries(task.inputs).map(([role, list]): [string, Input[]] => {
    if (role !== 'model' && role !== 'base') return [role, list];
    const same = rows.find(({ row }) => isDeepStrictEqual(sourcesOf(row.file), sourcesOf(list)));
    const name = (written: string) => (role === 'base' ? written.replace(/^model/, 'base') : written);
    return [role, same ? same.before.file.map((input) => ({ name: name(input.name), source: input.source })) : []];
  });
  return { ...task, inputs: Object.fromEntries(inputs) as Task['inputs'] };
}

function sourcesOf(file: Input[]): Input['source'][] {
  return file.map(({ source }) => source);
}

/** Nothing reads what nobody makes, or nothing at all. */
function isWhole(tasks: Task[]): boolean {
  const ids = new Set(tasks.map(({ id }) => id));
  return tasks.every(
    (task) =>
      producersOf(task).every((id) => ids.has(id)) && Object.values(task.inputs).every((list) => list.length > 0 || making.has(task.op)),
  );
}

function madeAs({ file, given, type, quantize, imatrix, marks, fileName }: Row, later: Row): Row {
  return { ...later, file, given, type, quantize, imatrix, marks, fileName };
}
