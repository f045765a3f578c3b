import { stripVTControlCharacters } from 'node:util';
import { unreachable } from '../../errors.ts';
import { duration } from '../../report/format.ts';
import type { PastRun, PastTask } from '../../run/past-run.ts';
import type { PrintedBefore } from '../../run/printed.ts';
import { shellLine } from '../../run/shell.ts';
import { table } from './table.ts';

/** A table of a run's tasks, and how to see one. @param out the `--out` flag */
export function runInWords(run: PastRun, out: string | undefined): string {
  const tasks = [...run.tasks];
  const rows = table<[string, PastTask]>(
    [
      { title: 'task', cell: ([id]) => id },
      { title: 'state', cell: ([, task]) => stateOf(run, task) },
      { title: 'time', align: 'right', cell: ([, task]) => timeOf(task) },
      { title: '', cell: ([, task]) => reasonOf(task) },
    ],
    tasks,
  );
  const [shown] = tasks.find(([, { state }]) => state === 'failed') ?? tasks.find(([, { state }]) => state === 'done') ?? tasks[0] ?? [];
  return `${[`${run.pipeline}, run ${run.id}, ${timeInWords(run.startedAt)}`, '', ...rows, '', `What a task's tools printed: ${logCommand(run, shown ?? 'TASK', out)}`].join('\n')}\n`;
}

/** A short head, and all that a task's tools printed. */
export function taskInWords(run: PastRun, id: string, task: PastTask, printed: PrintedBefore | null, out: string | undefined): string {
  const { commands = [], repeat = null, made = null } = printed ?? {};
  const when = made ? `${timeInWords(made.startedAt)} on ${made.host}, ${duration(made.seconds)}` : timeOf(task);
  const head = [
    `${id} of ${run.pipeline}, run ${run.id}`,
    [stateOf(run, task), ...(when === '' ? [] : [when])].join(': '),
    ...(reasonOf(task) === '' ? [] : [reasonOf(task)]),
    ...commands.map((command) => `ran: ${command}`),
    ...(repeat === null ? [] : [`command: ${repeat}`]),
  ];
  const streams = printed
    ? [...streamInWords('stdout', printed.stdout), ...streamInWords('stderr', printed.stderr)]
    : [nothingPrinted(run, task, out)];
  return `${[...head, '', ...streams].join('\n')}\n`;
}

function logCommand({ id }: PastRun, task: string, out: string | undefined): string {
  return shellLine(['qpipe', 'log', id, task, ...(out === undefined ? [] : ['--out', out])]);
}

function streamInWords(name: string, text: string | null): string[] {
  if (text === null) return [`--- ${name}: no longer there`];
  return text.trim() === '' ? [`--- ${name}: nothing`] : [`--- ${name}`, stripVTControlCharacters(text).trimEnd()];
}

function nothingPrinted(run: PastRun, task: PastTask, out: string | undefined): string {
  if (task.state === 'skipped') return `Nothing was run. What failed is shown by: ${logCommand(run, task.because, out)}`;
  return 'Nothing is kept of it.';
}

function stateOf({ ended }: PastRun, task: PastTask): string {
  switch (task.state) {
    case 'made':
      return 'made before';
    case 'done':
      return 'run';
    case 'failed':
      return 'failed';
    case 'skipped':
      return 'skipped';
    case 'interrupted':
      return ended ? 'stopped' : 'at work, or killed';
    case 'not reached':
      return 'not reached';
    default:
      return unreachable(task);
  }
}

function timeOf(task: PastTask): string {
  return 'seconds' in task && task.seconds !== null ? duration(task.seconds) : '';
}

function reasonOf(task: PastTask): string {
  if (task.state === 'failed') return task.message;
  return task.state === 'skipped' ? `because ${task.because} failed` : '';
}

/** `2026-11-21 10:11:12 UTC`. */
function timeInWords(iso: string): string {
  return `${iso.slice(0, 19).replace('T', ' ')} UTC`;
}

export function runAsJson(run: PastRun): string {
  return asJson({ ...headOf(run), tasks: [...run.tasks].map(([id, task]) => ({ task: id, ...task })) });
}

export function taskAsJson(run: PastRun, id: string, task: PastTask, printed: PrintedBefore | null): string {
  const made = printed?.made && { startedAt: printed.made.startedAt, seconds: printed.made.seconds, host: printed.made.host };
  return asJson({ ...headOf(run), task: id, ...task, ...(printed ? { ...printed, made } : {}) });
}

function headOf({ id, pipeline, startedAt, ended }: PastRun) {
  return { run: id, pipeline, startedAt, ended };
}

function asJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
