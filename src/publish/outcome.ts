import type { Destination } from '../pipeline/destination.ts';
import { shownPlace } from './journal.ts';

/** What publishing to one destination comes to; of a dry run, what it would. */
export interface Published {
  /** `owner/name`, a folder. */
  place: string;
  kind: 'hub' | 'folder' | 'rsync' | 'command';
  run: string;
  /** `unchanged`: all of it was there already; `skipped`: it was not tried, the notes say why. */
  state: 'published' | 'unchanged' | 'skipped' | 'back' | 'planned';
  steps: Step[];
  notes: string[];
  /** Where people look at it. */
  address: string;
  /** Of a repo. */
  commit?: string;
  /** As it is, or would be, at the end. */
  card?: string;
}

export interface Step {
  what: 'send' | 'there' | 'remove' | 'restore' | 'change';
  /** A file, or for a change what is changed. */
  path: string;
  /** Bytes; 0 for what has none. */
  size: number;
  /** The commit that it belongs to, from 1; absent for what needs none. */
  commit?: number;
}

/** Nothing was done there. */
export function skipped(destination: Destination, run: string, why: string): Published {
  const place = shownPlace(destination);
  return { place, kind: destination.kind, run, state: 'skipped', steps: [], notes: [why], address: place };
}
