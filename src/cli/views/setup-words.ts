import { unreachable } from '../../errors.ts';
import { decimalSize, duration } from '../../report/format.ts';
import type { SetupEvent } from '../../setup/events.ts';

/** The sentence of a set-up event; null for a step, which is a bar, or a line when it begins. */
export function setupSentence(event: SetupEvent): string | null {
  switch (event.type) {
    case 'found':
      return `llama.cpp: ${event.what} (${placeInWords[event.origin]})`;
    case 'waiting':
      return `waiting for another qpipe that sets up the tools${event.holder ? ` (process ${event.holder.pid} since ${event.holder.since})` : ''}`;
    case 'tried':
      return `${event.source}: ${event.problem}`;
    case 'download':
      return `${event.what}: ${decimalSize(event.bytes)} to download${unknownSizes(event.unknown)}, ${decimalSize(event.freeBytes)} free`;
    case 'note':
      return event.sentence;
    case 'step':
      return event.done === 0 ? `${event.name} ...` : null;
    default:
      return unreachable(event);
  }
}

/** A step as a bar shows it, or null for other events. */
export function setupStep(event: SetupEvent): { name: string; done: number; total: number; left: string } | null {
  if (event.type !== 'step') return null;
  return {
    name: event.name,
    done: event.done,
    total: event.total,
    left: event.secondsLeft === null ? '' : `, ${duration(event.secondsLeft)} left`,
  };
}

const placeInWords = {
  named: 'named in the pipeline or by --llama-cpp',
  environment: 'from QPIPE_LLAMA_CPP',
  cache: "qpipe's own build",
  path: 'from PATH',
};

function unknownSizes(names: string[]): string {
  return names.length > 0 ? ` and an unknown amount for ${names.join(', ')}` : '';
}
