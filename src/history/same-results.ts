import { isDeepStrictEqual } from 'node:util';
import { type Results, resultsSchema } from '../results/schema.ts';

/**
 * Whether two runs found the same: all but when and how long they ran, on which machine, from which commits, and what gates said. Numbers
 * that a machine decides are among what was found.
 */
export function haveSameResults(a: Results, b: Results): boolean {
  const [first, second] = [found(a), found(b)];
  return first !== null && isDeepStrictEqual(first, second);
}

const circumstances = ['$schema', 'run', 'work', 'gates', 'newReference', 'machine', 'state', 'origin'];

/** As it comes back from a file: without what is undefined. Null for what no file could hold. */
function found(results: Results): unknown {
  const parsed = resultsSchema.safeParse(JSON.parse(JSON.stringify(results)));
  if (!parsed.success) return null;
  const { conditions, sources = [], ...rest } = parsed.data;
  const repos = sources.map(({ what, type, repo }) => ({ what, type, repo }));
  return { ...without(circumstances, rest), conditions: without(circumstances, conditions), sources: repos };
}

function without(keys: string[], value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));
}
