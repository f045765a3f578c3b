import type { GateLimit } from '../pipeline/gate.ts';
import type { Condition } from '../published/condition.ts';
import type { Figure } from '../published/figure.ts';
import { lineUp } from '../published/line-up.ts';
import { measured as asPublished } from '../published/measured.ts';
import { type Role, rolesOf } from '../published/roles.ts';
import type { Measure, PublishedRun } from '../published/schema.ts';
import type { Column, PublishedTable } from '../published/table.ts';
import { bytesOf } from '../published/units.ts';
import type { ResultRow } from '../results/schema.ts';
import { doubt, excess, type Finding, outcomeOf, shareOfNothing, unjudged } from './finding.ts';
import type { Side } from './likeness.ts';
import type { Range } from './measured.ts';
import { type Metric, type MetricName, metrics, type NamedMetric } from './metric.ts';
import type { Around } from './references.ts';
import { allowanceInWords, amountInWords, changeInWords } from './words.ts';

/** By the words of published tables. */
const measures: Partial<Record<MetricName, Measure>> = {
  bytes: 'size',
  bpw: 'bpw',
  ppl: 'ppl',
  ppl_ratio: 'pplRatio',
  kld: 'kld',
  same_top_p: 'sameTopP',
};

/** A row's number beside the published figure of its type: never paired, with the error and the rounding that were printed. */
export function besideTable(
  limit: Extract<GateLimit, { kind: 'change' }>,
  id: string,
  named: NamedMetric,
  side: Side,
  { tables }: Around,
): Finding {
  const { words, unit, bad }: Metric = metrics[named.name];
  const table = tables.get(id);
  const found = table && figureFor(table, measures[named.name], side.row);
  if (!table || !found) return unjudged(`${id} has no ${words} of ${side.row.type ?? side.row.name}`);
  const vs = { run: table.id };
  const differing = whatDiffers(named.name, lineUp(table, found.run, side.results));
  if (differing.length > 0) return { ...unjudged(`it does not compare with ${table.id}: ${differing.join('; ')}`), vs };
  const { column, figure } = found;
  const ours = column && asPublished(side.row, side.results, column.is, column.unit);
  if (!ours) return { ...unjudged(`${words} was not measured`), vs };
  const factor = column.is === 'size' ? bytesOf(column.unit) : 1;
  const before = figure.value * factor;
  if (limit.relative && before <= 0) return { ...shareOfNothing(named, before, ours.value * factor, table.id), vs };
  const share = limit.relative ? before : 1;
  const half = (factor * Math.hypot(ours.halfWidth ?? 0, 2 * (figure.error ?? 0), figure.half + column.tolerance)) / share;
  const value = (ours.value * factor - before) / share;
  const change: Range = { value, low: value - half, high: value + half };
  const outcome = outcomeOf(excess(change, bad === 'high' ? limit.most : -limit.most, bad));
  const evidence = `${words} ${changeInWords(change, limit.relative, unit)} against ${table.id}: ${amountInWords(ours.value * factor, unit)}, published ${figure.printed}${column.unit === null ? '' : ` ${column.unit}`}; at most ${bad === 'high' ? '+' : '−'}${allowanceInWords(limit.most, limit.relative, unit)}`;
  const allowed = limit.relative ? before * limit.most : limit.most;
  return {
    outcome,
    evidence: evidence + doubt(outcome, change),
    value: ours.value * factor,
    limit: bad === 'high' ? before + allowed : before - allowed,
    vs,
  };
}

interface Found {
  run: PublishedRun;
  column: Column;
  figure: Figure;
}

/** The figure of a row's type, and of its matrix where the table has both. */
function figureFor(table: PublishedTable, is: Measure | undefined, row: ResultRow): Found | null {
  const columns = table.columns.filter((column) => column.is === is && column.notJudged === null);
  for (const run of table.runs)
    for (const [tableRow, role] of rolesOf(table, run)) {
      const column = isRole(role, row) ? columns.find(({ name }) => tableRow.figures[name]) : undefined;
      const figure = column && tableRow.figures[column.name];
      if (column && figure) return { run, column, figure };
    }
  return null;
}

function isRole(role: Role, { kind, type, imatrix }: ResultRow): boolean {
  if (role.as === 'base') return kind === 'base';
  return (
    role.as === 'quant' &&
    kind === 'quant' &&
    role.type === type?.toUpperCase() &&
    (role.imatrix === (imatrix !== null) || role.type === 'Q8_0')
  );
}

/** What makes a figure one of something else. A build, a machine or a batch does not. */
function whatDiffers(name: MetricName, conditions: Condition[]): string[] {
  const deciding = metrics[name].needs === 'file' ? ['model'] : ['model', 'text', 'context', 'chunks'];
  return conditions
    .filter(({ what, verdict }) => verdict === 'different' && deciding.includes(what))
    .map(({ what, published, ours }) => `${what}: ${ours} and ${published}`);
}
