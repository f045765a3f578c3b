import { isGood } from '../history/last-good.ts';
import type { Results } from '../results/schema.ts';

/** Why a run may not be published, in words; null when nothing stands against it. */
export function whyNotPublished(results: Results): string | null {
  const { failures, gates = [], partial } = results;
  if (partial) return 'it made only some of the rows (--only)';
  const [failed] = failures;
  if (failed) return `${failures.length === 1 ? 'a task' : `${failures.length} tasks`} failed: ${failed.task}`;
  if (isGood(results)) return null;
  const against = gates.filter(({ outcome, level }) => level === 'fail' && (outcome === 'fail' || outcome === 'unjudged'));
  const named = against.map(
    ({ metric, quant, outcome }) =>
      `${metric}${quant === null ? '' : ` of ${quant}`} ${outcome === 'fail' ? 'failed' : 'could not be judged'}`,
  );
  return `its gates did not pass: ${named.join(', ')}`;
}
