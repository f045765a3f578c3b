import type { Outcome } from '../run/outcome.ts';
import type { RunResult } from '../run/run.ts';
import type { TaskRecord } from '../store/record.ts';
import type { Results } from './schema.ts';

/** Looks things up among a run's outcomes by task id. */
export class Finder {
  readonly #outcomes: Map<string, Outcome>;

  constructor(run: RunResult) {
    this.#outcomes = run.outcomes;
  }

  record(task: string | null): TaskRecord | null {
    const outcome = task === null ? undefined : this.#outcomes.get(task);
    return outcome && 'record' in outcome ? outcome.record : null;
  }

  result<T>(task: string | null): T | null {
    return (this.record(task)?.result as T | undefined) ?? null;
  }

  /** Why a task has no result: its own failure, or the one that it waited for. */
  reason(task: string | null): string {
    const outcome = task === null ? undefined : this.#outcomes.get(task);
    if (outcome?.state === 'failed') return outcome.message;
    if (outcome?.state === 'skipped') return `${outcome.because} failed`;
    return 'not run';
  }

  failures(): Results['failures'] {
    return [...this.#outcomes].flatMap(([task, outcome]) => (outcome.state === 'failed' ? [{ task, message: outcome.message }] : []));
  }
}
