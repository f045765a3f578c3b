import { textProblems } from '../compare/conditions.ts';
import { haveSameTokenizer } from '../history/comparable.ts';
import type { GateSettings } from '../pipeline/gate.ts';
import type { Results } from '../results/schema.ts';
import { gatesOnRows } from './judge.ts';
import { type Side, unlikeness } from './likeness.ts';
import { measuredOf } from './measured.ts';
import { type MetricName, metrics, type NamedMetric, type Needs } from './metric.ts';
import { type Around, referenceFor } from './references.ts';

/** A good build that some gates look at and cannot judge by, as it was measured otherwise. */
export interface MeasuredOtherwise {
  results: Results;
  /** By what, in words. */
  problems: string[];
  /** What the gates are on. */
  of: { metric: MetricName; quant: string }[];
}

/** What any machine measures alike, so that an earlier build can be measured as a later one was. */
const repeatable: ReadonlySet<Needs> = new Set(['evaluate', 'arithmetic', 'choices']);

/** The good builds that would have to be measured again for the gates to be judged. */
export function measuredOtherwise(settings: GateSettings, results: Results, around: Omit<Around, 'again'>): MeasuredOtherwise[] {
  const found: MeasuredOtherwise[] = [];
  for (const { gate, row } of gatesOnRows(settings, results)) {
    const { metric, text, depth, limit } = gate;
    if (limit.kind !== 'change' || limit.vs.is === 'table' || limit.vs.is === 'median' || !repeatable.has(metrics[metric].needs)) continue;
    const { results: earlier, isPinned } = referenceFor(limit.vs, { ...around, again: new Map() });
    const before = earlier?.rows.find(({ name }) => name === row.name);
    if (!earlier || !before || isPinned) continue;
    const problems = problemsWith({ name: metric, text, depth }, { row: before, results: earlier }, { row, results });
    if (problems.length === 0) continue;
    // Over another tokenizer no mean compares; that a perplexity is ten times as high is seen all the same.
    const isSame = haveSameTokenizer(earlier, results);
    if (isSame || haveOtherTexts(earlier, results))
      found.push({ results: earlier, problems, of: [{ metric: isSame ? metric : 'ppl', quant: row.name }] });
  }
  return together(found);
}

/** One for each run. */
export function together(all: MeasuredOtherwise[]): MeasuredOtherwise[] {
  const byRun = new Map<string, MeasuredOtherwise>();
  for (const one of all) {
    const { id } = one.results.run;
    const before = byRun.get(id);
    const problems = [...new Set([...(before?.problems ?? []), ...one.problems])];
    byRun.set(id, { ...one, problems, of: [...(before?.of ?? []), ...one.of] });
  }
  return [...byRun.values()];
}

function problemsWith(named: NamedMetric, before: Side, now: Side): string[] {
  const { words } = metrics[named.name];
  if (!measuredOf(named, before.row, before.results))
    return [`${words}${named.text === null ? '' : ` on ${named.text}`} was not measured then`];
  return unlikeness(named, before, now);
}

function haveOtherTexts(a: Results, b: Results): boolean {
  const [first, second] = [a.conditions.evaluation, b.conditions.evaluation];
  return first !== null && second !== null && textProblems(first, second).length > 0;
}
