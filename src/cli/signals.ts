import { killRunningTools } from '../spawn.ts';

export interface Interruption {
  signal: AbortSignal;
  /** Gives the signals back. */
  end(): void;
}

/** The first signal ends the run in good order, the second one at once. */
export function stopOnSignals(): Interruption {
  const controller = new AbortController();
  const onSignal = () => {
    if (!controller.signal.aborted) return controller.abort();
    killRunningTools();
    process.exit(130);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, onSignal);
  return {
    signal: controller.signal,
    end: () => {
      for (const signal of signals) process.off(signal, onSignal);
    },
  };
}
