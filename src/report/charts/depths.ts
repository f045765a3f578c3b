import type { AtDepth, ResultRow, Results } from '../../results/schema.ts';
import { speedConditions } from '../conditions-line.ts';
import { speed as digits, range } from '../format.ts';
import type { Chart } from './chart.ts';
import { lines, type Series } from './lines.ts';
import { tonesOfFew } from './named-few.ts';

/** Generation with a context that is partly full. */
export function depthsChart(results: Results): Chart | null {
  const rows = results.rows.filter(({ depths, generationSpeed }) => depths && generationSpeed);
  if (rows.length === 0) return null;
  const depths = [...new Set(rows.flatMap((row) => fromEmpty(row).map(({ depth }) => depth)))].sort((a, b) => a - b);
  const toneOf = tonesOfFew(rows, results);
  const series = rows.map((row): Series => {
    const tone = toneOf(row);
    const measured = fromEmpty(row);
    const words = measured.map(
      ({ depth, generationSpeed }) => `${depth}: ${digits(generationSpeed.value)} ${range(generationSpeed, digits)}`,
    );
    return {
      name: row.name,
      tone,
      named: tone !== 'rest',
      tip: `${row.name}, t/s by depth: ${words.join('; ')}`,
      points: measured.map(({ depth, generationSpeed: { value, low, high } }) => ({ x: depth, y: value, low, high })),
    };
  });
  const cells = rows.map((row) =>
    depths.map((depth) => {
      const found = fromEmpty(row).find((at) => at.depth === depth)?.generationSpeed;
      return found ? `${digits(found.value)} ${range(found, digits)}` : 'not measured';
    }),
  );
  return {
    name: 'speed-by-depth',
    title: 'Generation by depth of the context',
    description:
      'tg with so many tokens in the context before it begins; medians with 95 % intervals. Named are the picks and some that are worth having.',
    ...lines(series, { xTitle: 'tokens in the context', yTitle: 'tg, tokens per second', xTicks: depths }),
    table: [['row', ...depths.map((depth) => `tg at ${depth}, t/s`)], ...rows.map(({ name }, i) => [name, ...(cells[i] ?? [])])],
    conditions: speedConditions(results),
  };
}

/** A row's speeds at its depths, after that with an empty context, which is the row's own. */
function fromEmpty({ depths = [], generationSpeed }: ResultRow): Pick<AtDepth, 'depth' | 'generationSpeed'>[] {
  return generationSpeed ? [{ depth: 0, generationSpeed }, ...depths] : depths;
}
