import { metricNamed, metrics, type Needs } from '../gates/metric.ts';
import type { Plan, Row } from '../plan/planned.ts';
import type { GateVerdict } from '../results/schema.ts';

/** A plan with the rows and the measurements that some gates look at, and nothing else to make or to measure. */
export function trimmed(plan: Plan, gates: Pick<GateVerdict, 'metric' | 'quant'>[]): Plan {
  const wanted = new Set(gates.map(({ quant }) => quant));
  const needs = new Set(gates.map(needOf));
  const rows = plan.rows.filter(({ name, kind }) => kind === 'base' || wanted.has(null) || wanted.has(name));
  return {
    ...plan,
    rows: rows.map((row) => rowWith(row, needs)),
    files: [],
    recommend: [],
    sweep: needs.has('bench') ? plan.sweep : null,
    asked: needs.has('samples') ? plan.asked : null,
    chunks: null,
    keep: 'all',
  };
}

/** What is no number comes out of the answers: prompts with a pattern, repetition, no end. */
function needOf({ metric }: Pick<GateVerdict, 'metric'>): Needs | 'samples' {
  const named = metricNamed(metric);
  return named ? metrics[named.name].needs : 'samples';
}

/** Quality always: it costs little beside what makes a file, and most gates are about it. */
function rowWith(row: Row, needs: ReadonlySet<Needs | 'samples'>): Row {
  return {
    ...row,
    arithmetic: needs.has('arithmetic') ? row.arithmetic : null,
    choices: needs.has('choices') ? row.choices : [],
    samples: needs.has('samples') ? row.samples : null,
    bench: needs.has('bench') ? row.bench : [],
    sustained: null,
    load: needs.has('load') ? row.load : null,
  };
}
