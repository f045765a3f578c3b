import { join } from 'node:path';
import { UserError } from '../errors.ts';
import { adapterConfig } from './adapter-files.ts';
import { withinTime } from './within-time.ts';

const limitMs = 2000;

/**
 * Does what runs patterns of an adapter_config.json. It comes from strangers, and a short pattern can compute for years. Throws UserError for one
 * that takes too long, and for one that is too large, which shows at its first use.
 *
 * @param field whose patterns these are
 */
export function byPatterns<T>(folder: string, field: string, work: () => T): T {
  const place = `${join(folder, adapterConfig)}: the regular expressions in ${field}`;
  try {
    const done = withinTime(limitMs, work);
    if (done) return done.value;
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError || thrown instanceof RangeError)) throw thrown;
    throw new UserError(`${place} are too large: ${plainly}`);
  }
  throw new UserError(`${place} take longer than ${limitMs / 1000} s to compare with the names of the modules: ${plainly}`);
}

const plainly = 'write the names of the modules instead';
