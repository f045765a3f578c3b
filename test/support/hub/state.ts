import type { Objects } from './content/objects.ts';
import type { Repos } from './content/repos.ts';
import type { Uploads } from './content/uploads.ts';
import type { Faults } from './faults/faults.ts';
import type { RequestLog } from './http/request-log.ts';
import type { SignedUrls } from './http/signed-urls.ts';

/** Everything that a Hub holds. */
export interface HubState {
  endpoint: string;
  cdn: string;
  tokens: Set<string>;
  /** Entries of a page of the file list. */
  pageSize: number;
  /** Uploads longer than this go in parts. */
  partBytes: number;
  objects: Objects;
  uploads: Uploads;
  repos: Repos;
  urls: SignedUrls;
  faults: Faults;
  log: RequestLog;
}
