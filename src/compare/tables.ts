import { changeCell, valueCell, verdictCell } from './cells.ts';
import type { Comparison, MeasureComparison, RowComparison } from './comparison.ts';

export interface Table {
  title: string;
  /** The titles of the columns first. */
  lines: string[][];
  /** Lines after the titles in which nothing is better or worse. */
  tied: string[][];
}

/** Of two rows one table of all measures; of many rows one for each part, with the measures as columns. */
export function tablesOf(comparison: Comparison): Table[] {
  const [only] = comparison.rows;
  return only && comparison.rows.length === 1 ? [tableOfTwo(only, comparison)] : tablesOfMany(comparison.rows);
}

function tableOfTwo(row: RowComparison, { a, b }: Comparison): Table {
  const [first, second] = row.a === row.b ? [a.name, b.name] : [row.a, row.b];
  const lines = row.measures.map((one) => [
    one.measure,
    valueCell(one.unit, one.a),
    valueCell(one.unit, one.b),
    changeCell(one),
    verdictCell(one),
  ]);
  return { title: '', lines: [['', first, second, 'change', 'verdict'], ...lines], tied: [] };
}

function tablesOfMany(rows: RowComparison[]): Table[] {
  const all = rows.flatMap(({ measures }) => measures);
  return [...new Set(all.map(groupOf))].map((title) => {
    const measures = [...new Set(all.filter((one) => groupOf(one) === title).map(({ measure }) => measure))];
    const lines = rows.flatMap((row) => {
      const compared = measures.map((measure) => row.measures.find((one) => one.measure === measure));
      if (compared.every((one) => one === undefined)) return [];
      const isTied = compared.every((one) => one === undefined || one.verdict === 'tied');
      return [{ line: [row.a, ...compared.map((one) => (one ? cellOf(one) : ''))], isTied }];
    });
    const tied = lines.flatMap(({ line, isTied }) => (isTied ? [line] : []));
    return { title, lines: [['', ...measures], ...lines.map(({ line }) => line)], tied };
  });
}

/** Each further text has a table of its own. */
function groupOf({ part, measure }: MeasureComparison): string {
  return part === 'slices' ? `quality on ${measure.slice(measure.indexOf(', ') + 2)}` : part;
}

function cellOf(one: MeasureComparison): string {
  return `${changeCell(one)} ${verdictCell(one)}`;
}
