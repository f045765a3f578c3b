import { Stopped, type StopSignal } from '../errors.ts';
import { killRunningTools } from '../spawn.ts';

export interface Interruption {
  signal: AbortSignal;
  /** What to throw when the signal aborted the work. */
  stopped(): Stopped;
  /** Gives the signals back. */
  end(): void;
}

const signals: StopSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** The first signal ends the run in good order, the second one at once. */
export function stopOnSignals(): Interruption {
  const controller = new AbortController();
  let by: StopSignal = 'SIGINT';
  const onSignal = (name: StopSignal) => {
    if (controller.signal.aborted) {
      killRunningTools();
      tell('Killed');
      process.exit(new Stopped(name).exitCode);
    }
    by = name;
    controller.abort();
  };
  for (const signal of signals) process.on(signal, onSignal);
  return {
    signal: controller.signal,
    stopped: () => new Stopped(by),
    end: () => {
      for (const signal of signals) process.off(signal, onSignal);
    },
  };
}

export function tellStopped(): void {
  tell('Stopped');
}

function tell(what: 'Stopped' | 'Killed'): void {
  process.stderr.write(`${what}. What is finished is kept: run the same command again to go on.\n`);
}
