import { duration } from '../../report/format.ts';
import type { RunEvent } from '../../run/events.ts';
import type { Holder } from '../../store/lock.ts';

/** The sentence of an event; null for those that need none. */
export function sentence(event: RunEvent): string | null {
  switch (event.type) {
    case 'note':
      return event.text;
    case 'run-start': {
      const made = event.tasks.filter((task) => task.state === 'made').length;
      return `${event.pipeline}: ${event.tasks.length} tasks, ${made} made already`;
    }
    case 'task-wait':
      return `${event.task}: waiting for ${heldBy(event.holder, event.for)}`;
    case 'task-retry':
      return `${event.task}: again, ${event.reason}`;
    case 'task-done':
      return `${event.task}: done in ${duration(event.seconds)}`;
    case 'task-failed':
      return `${event.task}: FAILED: ${event.message}`;
    case 'task-skipped':
      return `${event.task}: skipped, because ${event.because} failed`;
    case 'run-end':
      return `${event.ran} run, ${event.made} made already, ${event.failed} failed, ${event.skipped} skipped, ${duration(event.seconds)}`;
    default:
      return null;
  }
}

export function heldBy(holder: Holder | null, what: 'machine' | 'task'): string {
  const thing = what === 'machine' ? 'the machine' : 'another qpipe that makes the same';
  return holder ? `${thing} (${holder.what || 'busy'}, process ${holder.pid} on ${holder.host} since ${holder.since})` : thing;
}

/** `██████░░░░`; done and total in any unit. */
export function bar(done: number, total: number, width = 20): string {
  const filled = total > 0 ? Math.min(width, Math.round((done / total) * width)) : 0;
  return '█'.repeat(filled) + '░'.repeat(width - filled);
}
