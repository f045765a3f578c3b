import { haveSameTokenizer } from '../history/comparable.ts';
import type { GateSettings } from '../pipeline/gate.ts';
import type { Results } from '../results/schema.ts';
import { gatesOnRows } from './judge.ts';
import { unlikeness } from './likeness.ts';
import { type MetricName, metrics, type Needs } from './metric.ts';
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

/** The good builds that would have to be measured again for the gates to be judged. A build with another tokenizer would not compare then either. */
export function measuredOtherwise(settings: GateSettings, results: Results, around: Omit<Around, 'again'>): MeasuredOtherwise[] {
  const found = new Map<string, MeasuredOtherwise>();
  for (const { gate, row } of gatesOnRows(settings, results)) {
    const { metric, text, depth, limit } = gate;
    if (limit.kind !== 'change' || limit.vs.is === 'table' || limit.vs.is === 'median' || !repeatable.has(metrics[metric].needs)) continue;
    const { results: earlier, isPinned } = referenceFor(limit.vs, { ...around, again: new Map() });
    const before = earlier?.rows.find(({ name }) => name === row.name);
    if (!earlier || !before || isPinned || !haveSameTokenizer(earlier, results)) continue;
    const problems = unlikeness({ name: metric, text, depth }, { row: before, results: earlier }, { row, results });
    if (problems.length === 0) continue;
    const { id } = earlier.run;
    const one = found.get(id) ?? { results: earlier, problems: [], of: [] };
    const all = [...new Set([...one.problems, ...problems])];
    found.set(id, { ...one, problems: all, of: [...one.of, { metric, quant: row.name }] });
  }
  return [...found.values()];
}
