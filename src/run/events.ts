import type { FetchProgress } from '../hub/hub.ts';
import type { SetupEvent } from '../setup/events.ts';
import type { Holder } from '../store/lock.ts';

/** Everything a run says. The terminal, the plain and the JSON views, and the log of a run are made of these and of nothing else. */
export type RunEvent =
  | { type: 'setup'; event: SetupEvent }
  | { type: 'run-start'; run: string; pipeline: string; tasks: { id: string; state: 'made' | 'run' }[] }
  | { type: 'hash'; path: string; done: number; total: number }
  | { type: 'note'; text: string }
  /** What comes from the Hub: for a task, or before there are tasks, for the plan. */
  | ({ type: 'fetch'; by: string | null } & FetchProgress)
  | { type: 'task-wait'; task: string; for: 'machine' | 'task'; holder: Holder | null }
  | { type: 'task-start'; task: string; threads: number }
  | { type: 'task-progress'; task: string; done: number; total: number; unit: string; secondsLeft: number | null }
  | { type: 'task-retry'; task: string; reason: string }
  | { type: 'task-hit'; task: string; key: string }
  | { type: 'task-done'; task: string; key: string; seconds: number }
  | { type: 'task-failed'; task: string; message: string; ran: string | null; command: string | null; log: string | null }
  | { type: 'task-skipped'; task: string; because: string }
  | { type: 'run-end'; made: number; ran: number; failed: number; skipped: number; seconds: number };

export type Emit = (event: RunEvent) => void;
