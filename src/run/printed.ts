import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TaskRecord } from '../store/record.ts';
import type { Store } from '../store/store.ts';
import { failureFolder } from './failed-attempt.ts';
import { repeatName } from './last-call.ts';
import type { PastTask } from './past-run.ts';
import { shellLine } from './shell.ts';

/** What a task's tools printed, and the commands that they were. A stream is null when it is no longer there. */
export interface PrintedBefore {
  commands: string[];
  /** Does a failed task's last call again. */
  repeat: string | null;
  stdout: string | null;
  stderr: string | null;
  /** Of a task that was made: when and where that was, which may have been in another run. */
  made: Pick<TaskRecord, 'startedAt' | 'seconds' | 'host'> | null;
}

/** Null for a task that never came to its end: its attempt's folder is gone. */
export function printedBy(store: Store, run: string, id: string, task: PastTask): PrintedBefore | null {
  if (task.state === 'failed') return byFailure(failureFolder(store.path('runs', run), id), task.ran);
  return task.state === 'made' || task.state === 'done' ? byRecord(store, task.key) : null;
}

function byFailure(folder: string, ran: string | null): PrintedBefore {
  const script = join(folder, repeatName);
  return {
    commands: ran === null ? [] : [ran],
    repeat: existsSync(script) ? shellLine(['sh', script]) : null,
    stdout: textOf(join(folder, 'stdout.log')),
    stderr: textOf(join(folder, 'stderr.log')),
    made: null,
  };
}

function byRecord(store: Store, key: string): PrintedBefore {
  const record = store.read(key);
  const printed = (stream: string) => {
    const output = record?.outputs.find(({ name }) => name === `#${stream}`);
    return output ? textOf(store.objectPath(output.sha256)) : null;
  };
  return {
    commands: record?.commands.map(shellLine) ?? [],
    repeat: null,
    stdout: printed('stdout'),
    stderr: printed('stderr'),
    made: record,
  };
}

function textOf(path: string): string | null {
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}
