import type { FetchProgress } from '../hub/hub.ts';
import type { HubWriter } from '../hub/writer.ts';
import type { Store } from '../store/store.ts';
import type { Journal } from './journal.ts';

/** What every destination is published to with. */
export interface PublishContext {
  store: Store;
  journal: Journal;
  /** Somebody asked for it; a run by itself leaves alone what people have done there on purpose. */
  asked: boolean;
  /** Shows what would be done, and changes nothing. */
  dryRun: boolean;
  openWriter(): Promise<HubWriter>;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: FetchProgress) => void) | undefined;
  /** A program of the user's has been at it for so long; called now and then. */
  onStill?: ((place: string, seconds: number) => void) | undefined;
  /** Between two such calls. Default: a minute. */
  stillEveryMs?: number;
}
