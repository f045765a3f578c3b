import type { RunEvent } from '../../run/events.ts';

/** Shows what happens. A view of events: it decides nothing and the engine knows nothing of it. */
export interface View {
  show(event: RunEvent): void;
  /** Ends what is still drawn, so that the report can follow. */
  close(): Promise<void>;
}
