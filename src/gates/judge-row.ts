import type { Gate } from '../pipeline/gate.ts';
import type { GateVerdict, ResultRow, Results } from '../results/schema.ts';
import { besideMedian } from './beside-median.ts';
import { besideRun } from './beside-run.ts';
import { besideTable } from './beside-table.ts';
import { belowFloor, doubt, excess, type Finding, outcomeOf, tooFew, unjudged } from './finding.ts';
import { floorOf } from './floor.ts';
import type { Side } from './likeness.ts';
import { type Measured, measuredOf, rangeOf } from './measured.ts';
import { type Metric, metrics, type NamedMetric, type Unit } from './metric.ts';
import { type Around, called, referenceFor } from './references.ts';
import { amountInWords, limitInWords, rangeInWords } from './words.ts';

/** One gate on one row. */
export function judgeRow(gate: Gate, row: ResultRow, results: Results, around: Around): GateVerdict {
  const named = { name: gate.metric, text: gate.text, depth: gate.depth };
  const { outcome, ...found } = find(gate, named, { row, results }, around);
  return {
    metric: gate.depth === null ? gate.metric : `${gate.metric}@d${gate.depth}`,
    quant: row.name,
    ...(gate.text === null ? {} : { text: gate.text }),
    level: gate.level,
    outcome: outcome === 'fail' && gate.level === 'warn' ? 'warn' : outcome,
    ...found,
    unit: metrics[gate.metric].unit,
  };
}

function find(gate: Gate, named: NamedMetric, side: Side, around: Around): Finding {
  const { words } = metrics[gate.metric];
  const measured = measuredOf(named, side.row, side.results);
  if (!measured) return unjudged(`${words} was not measured${reasonFor(named, side.row)}`);
  if (gate.limit.kind === 'bound') return withinBound(gate.limit.value, gate, named, measured, side);
  const { vs } = gate.limit;
  if (vs.is === 'median')
    return besideMedian({ named, measured, side, confidence: gate.confidence, ...gate.limit, of: vs.of, good: around.good });
  if (vs.is === 'table') return besideTable(gate.limit, vs.id, named, side, around);
  const reference = referenceFor(vs, around);
  const { value } = measured.interval;
  if (!reference.results)
    return { outcome: 'pass', evidence: `${words} ${amountInWords(value, metrics[gate.metric].unit)}; ${called(reference)}`, value };
  return besideRun({ named, measured, side, confidence: gate.confidence, ...gate.limit, reference, newReference: around.newReference });
}

/** As the run itself says it. */
function reasonFor({ name }: NamedMetric, { notMeasured }: ResultRow): string {
  const parts = { file: 'file', evaluate: 'quality', arithmetic: 'arithmetic', choices: 'choices', bench: 'speed', load: 'load' } as const;
  const reason = notMeasured[parts[metrics[name].needs]];
  return reason === undefined ? '' : `: ${reason}`;
}

function withinBound(limit: number, { confidence }: Gate, named: NamedMetric, measured: Measured, { results }: Side): Finding {
  const { words, unit, bad }: Metric = metrics[named.name];
  const range = rangeOf(measured, named, confidence);
  const { value } = measured.interval;
  if (!range) return { ...unjudged(`${words} ${amountInWords(value, unit)} has no interval: ${tooFew(named)}`), value, limit };
  const outcome = outcomeOf(excess(range, limit, bad));
  const floor = floorOf(named, value, results);
  const evidence = `${words} ${rangeInWords(range, unit)}, at ${bad === 'high' ? 'most' : 'least'} ${limitInWords(limit, unit)}${inBytes(value, limit, unit)}`;
  const distance = named.name === 'same_top_p' ? 100 - value : named.name === 'ppl_ratio' ? Math.abs(value - 1) : value;
  if (outcome === 'fail' && measured.blocks && distance <= floor) return { ...unjudged(`${evidence}; ${belowFloor}`), value, limit };
  return { outcome, evidence: evidence + doubt(outcome, range), value, limit };
}

/** Two sizes that differ by less than their words tell. */
function inBytes(value: number, limit: number, unit: Unit): string {
  return unit === 'bytes' && amountInWords(value, unit) === limitInWords(limit, unit) ? ` (${value} and ${limit} bytes)` : '';
}
