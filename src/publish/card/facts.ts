import type { ChatTemplate } from '../../chat/chat-template.ts';
import type { Destination } from '../../pipeline/destination.ts';
import type { Results } from '../../results/schema.ts';
import type { BuildRow } from '../build.ts';
import type { Inherited } from './licence.ts';

/** Everything that a card is made of. */
export interface CardFacts {
  /** Free of what could steer a terminal. */
  results: Results;
  destination: Destination;
  /** All rows of the build. */
  rows: BuildRow[];
  inherited: Inherited;
  /** A LoRA was merged into the model. */
  hasAdapter: boolean;
  template: ChatTemplate | null;
  /** sha256 of the text that the importance matrix has seen; null where the run made none. */
  calibration: string | null;
  /** Paths of what lies beside the rows. */
  beside: string[];
}

/** The repo that the files go to; null for other destinations. */
export function repoOf({ destination }: CardFacts): string | null {
  return destination.kind === 'hub' ? destination.repo : null;
}

/** The row that a card shows commands with: the pick for a device, else what most people take, else the first. */
export function exampleRow(results: Results, rows: BuildRow[]): BuildRow | undefined {
  const picks = (results.recommendations ?? []).flatMap(({ pick }) => pick ?? []);
  const named = [...picks, 'Q4_K_M', 'Q8_0'].map((name) => rows.find((row) => row.name === name));
  return named.find((row) => row !== undefined) ?? rows[0];
}
