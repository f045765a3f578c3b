import { hereName } from '../../devices/find.ts';
import { presets } from '../../devices/presets.ts';
import type { Candidate } from './candidate.ts';

/** What `--device` takes. */
export function devices(): Candidate[] {
  return [...presets.map(({ name, title }) => ({ word: name, description: title })), { word: hereName, description: 'this machine' }];
}
