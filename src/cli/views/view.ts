import type { RunEvent } from '../../run/events.ts';

/** Shows what happens. A view of events: it decides nothing and the engine knows nothing of it. */
export interface View {
  show(event: RunEvent): void;
  /** Ends what is still drawn, so that the report can follow. */
  close(): Promise<void>;
}

export interface ViewOptions {
  quiet: boolean;
  json: boolean;
  /** Whether stderr is a terminal. */
  terminal: boolean;
}

export async function pickView({ quiet, json, terminal }: ViewOptions): Promise<View> {
  if (json) return (await import('./json.ts')).jsonView();
  if (quiet) return (await import('./plain.ts')).quietView();
  if (terminal) return (await import('./terminal.ts')).terminalView();
  return (await import('./plain.ts')).plainView();
}
