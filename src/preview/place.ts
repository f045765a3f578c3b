import type { Facts, Input } from '../plan/task.ts';
import type { ExpectedGguf } from './expected-tensors.ts';

/** Where sizes are looked up. */
export interface Place {
  facts: Facts;
  expectedAs(type: string): ExpectedGguf | null;
  /** Where an input lies; null for one that is not made. */
  path(input: Input): string | null;
  signal: AbortSignal | undefined;
}
