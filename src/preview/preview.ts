import { Failure } from '../errors.ts';
import { harmless } from '../harmless.ts';
import type { Facts } from '../plan/facts.ts';
import type { Plan } from '../plan/planned.ts';
import type { Store } from '../store/store.ts';
import { chunksInWords } from './auto-chunks.ts';
import { type Disk, diskOf } from './disk.ts';
import { type Download, downloadsOf } from './downloads.ts';
import type { Reason } from './reason.ts';
import type { Size } from './size.ts';
import { sizer } from './sizes.ts';
import { type State, statesOf, type TaskState } from './states.ts';

export interface PreviewTask {
  id: string;
  state: State;
  reasons: Reason[];
  key: string | null;
  /** What it makes: bytes on disk by output. A size that nothing tells is left out. */
  outputs: Record<string, Size>;
  /** What would make it fail, as far as a dry run can tell. */
  problem: string | null;
}

/** What a run would do, before it does anything. */
export interface Preview {
  pipeline: string;
  model: string;
  tasks: PreviewTask[];
  /** GGUFs that will lie under out/<pipeline>/. */
  files: ({ name: string; task: string } & Partial<Size>)[];
  /** What comes from the Hub. */
  downloads: Download[];
  disk: Disk;
  notes: string[];
  leftOut: Plan['leftOut'];
}

export interface PreviewOptions {
  store: Store;
  signal?: AbortSignal;
  /** Ids of tasks to run although they are made. */
  force?: string[];
  /** How many tasks may run at once. Default: the physical cores. */
  threads?: number;
  /** Whether the converter may be asked what it will make: exact sizes, for some seconds where it has not run yet. Default: true. */
  askConverter?: boolean;
}

/** States, reasons and sizes of a plan. Writes nothing, but for short-lived folders in the machine's temporary folder. */
export async function preview(
  plan: Plan,
  facts: Facts,
  { store, signal, force = [], threads = facts.machine.cores, askConverter = true }: PreviewOptions,
): Promise<Preview> {
  const states = statesOf(plan, facts, store, new Set(force));
  const records = new Map(states.flatMap(({ task, record }) => (record ? [[task.id, record] as const] : [])));
  const sizes = sizer({ plan, facts, store, records, askConverter, signal });
  const tasks = await Promise.all(
    states.map(async (state): Promise<PreviewTask> => {
      const { outputs, problem } = await outputsOf(state, (task) => sizes.of(task));
      return { id: state.task.id, state: state.state, reasons: state.reasons, key: state.key, outputs, problem };
    }),
  );
  const downloads = downloadsOf(plan, states);
  return {
    pipeline: plan.pipeline,
    model: plan.model,
    tasks,
    files: filesOf(plan, tasks),
    downloads,
    disk: diskOf(plan, tasks, downloads, store, threads),
    notes: [...plan.notes, ...chunksInWords(plan)],
    leftOut: plan.leftOut,
  };
}

type Outputs = Pick<PreviewTask, 'outputs' | 'problem'>;

async function outputsOf(
  { task, record }: TaskState,
  sizeOf: (task: TaskState['task']) => Promise<Record<string, Size>>,
): Promise<Outputs> {
  if (record) {
    const outputs = record.outputs.filter(({ name }) => !name.startsWith('#'));
    const known = outputs.map(({ name, size }) => [name, { bytes: size, exact: true, method: 'record' } satisfies Size]);
    return { outputs: Object.fromEntries(known), problem: null };
  }
  try {
    return { outputs: await sizeOf(task), problem: null };
  } catch (thrown) {
    if (thrown instanceof Failure) return { outputs: {}, problem: harmless(thrown.message) };
    throw thrown;
  }
}

function filesOf(plan: Plan, tasks: PreviewTask[]): Preview['files'] {
  if (plan.keep === 'none') return [];
  return plan.files.map(({ name, source }) => ({
    name,
    task: source.task,
    ...tasks.find(({ id }) => id === source.task)?.outputs[source.output],
  }));
}
