import type { Facts } from '../plan/facts.ts';
import type { Input } from '../plan/task.ts';
import type { ConvertedHeader } from './converted-header.ts';
import type { ExpectedGguf } from './expected-tensors.ts';

/** Where sizes are looked up. */
export interface Place {
  facts: Facts;
  expectedAs(type: string): ExpectedGguf | null;
  /** What convert will make, as the converter says; null where it cannot tell, and where there is no need: it is made, or nothing is converted. */
  converted(): Promise<ConvertedHeader | null>;
  /** Where an input lies; null for one that is not made. */
  path(input: Input): string | null;
  signal: AbortSignal | undefined;
}
