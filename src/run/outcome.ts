import type { TaskRecord } from '../store/record.ts';
import type { Account } from './failed-attempt.ts';

/** What to do when a task fails: start nothing new, go on with what does not depend on it, or end the running ones too. */
export type FailureMode = 'no-new' | 'continue' | 'kill';

/** What became of a task. */
export type Outcome =
  | { state: 'made' | 'done'; record: TaskRecord }
  | ({ state: 'failed'; message: string } & Account)
  | { state: 'skipped'; because: string };
