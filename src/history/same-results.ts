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

/** As it comes back from a file: without what is undefined, in the schema's order. */
function found(results: Results): unknown {
  const parsed = resultsSchema.safeParse(JSON.parse(JSON.stringify(results)));
  if (!parsed.success) return null;
  const { $schema: _, run: __, work: ___, gates: ____, newReference: _____, conditions, sources = [], ...rest } = parsed.data;
  const { machine: ______, state: _______, origin: ________, ...measuredUnder } = conditions;
  return { ...rest, measuredUnder, sources: sources.map(({ what, type, repo }) => ({ what, type, repo })) };
}
