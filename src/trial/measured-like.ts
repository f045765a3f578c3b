import { isDeepStrictEqual } from 'node:util';
import type { Plan, Row } from '../plan/planned.ts';
import type { Input, Op, Task } from '../plan/task.ts';
import { producersOf } from '../run/inputs.ts';
import { measuredBy, neededFor } from './needed.ts';
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
  const measuring = byId(renamed.tasks.filter(({ op }) => op === 'fetch' || !making.has(op)));
  const measured = byId([...measuring.values()].map((task) => withFilesOf(rows, task, measuring)));
  const ids = new Set([...made.keys(), ...measured.keys()]);
  const mixed = rows.map(({ before, row }) => madeAs(before, row));
  const tasks = neededFor(mixed, (id) => made.get(id) ?? afterWhatIsThere(measured.get(id), ids));
  if (!isWhole(tasks)) return null;
  const { imatrix, converter } = earlier.conditions;
  const { shape, sources } = earlier;
  return { ...renamed, rows: mixed, tasks, shape, sources, conditions: { ...later.conditions, imatrix, converter } };
}

function byId(tasks: Task[]): Map<string, Task> {
  return new Map(tasks.map((task) => [task.id, task]));
}

interface Pair {
  before: Row;
  row: Row;
}

/** What is measured of a row's file is measured of the earlier one. A file that is none of these stands for nothing: its task is left without. */
function withFilesOf(pairs: Pair[], task: Task, measuring: ReadonlyMap<string, Task>): Task {
  // As `dequantize` makes one, of what is replaced there.
  const isPassing = (list: Input[]) => list.every(({ source }) => 'task' in source && measuring.has(source.task));
  const inputs = Object.entries(task.inputs).map(([role, list]): [string, Input[]] => {
    if ((role !== 'model' && role !== 'base') || isPassing(list)) return [role, list];
    const file = earlierFile(pairs, task, role, list);
    return [role, role === 'base' ? file.map(({ name, source }) => ({ name: name.replace(/^model/, 'base'), source })) : file];
  });
  return { ...task, inputs: Object.fromEntries(inputs) as Task['inputs'] };
}

/** Two rows may be of one file now, and were of two then: of whose task it is, that row's; else the base's, which records. */
function earlierFile(pairs: Pair[], task: Task, role: string, list: Input[]): Input[] {
  const same = pairs.filter(({ row }) => isDeepStrictEqual(sourcesOf(row.file), sourcesOf(list)));
  const isOf = ({ row }: Pair) => measuredBy(row).includes(task.id) || task.id === `${task.op}:${row.name}`;
  const own = role === 'model' ? same.find(isOf) : undefined;
  return (own ?? same.find(({ row }) => row.kind === 'base') ?? same[0])?.before.file ?? [];
}

/** A check that the earlier build did not have is none to wait for. */
function afterWhatIsThere(task: Task | undefined, ids: ReadonlySet<string>): Task | undefined {
  return task?.after ? { ...task, after: task.after.filter((id) => ids.has(id)) } : task;
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
