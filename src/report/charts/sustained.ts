import type { Results } from '../../results/schema.ts';
import { speedConditions } from '../conditions-line.ts';
import { speed as digits } from '../format.ts';
import type { Chart } from './chart.ts';
import { lines, type Series } from './lines.ts';
import { tonesOfFew } from './named-few.ts';

/** Generation without a pause, as the machine gets warm. */
export function sustainedChart(results: Results): Chart | null {
  const rows = results.rows.filter(({ sustained }) => sustained);
  if (rows.length === 0) return null;
  const toneOf = tonesOfFew(rows, results);
  const series = rows.flatMap((row): Series[] => {
    if (!row.sustained) return [];
    const { firstMinute, steady, samples } = row.sustained;
    const tone = toneOf(row);
    const tip = `${row.name}: first minute ${digits(firstMinute)} t/s, steady ${digits(steady)} t/s`;
    return [{ name: row.name, tone, named: tone !== 'rest', tip, points: samples.map(({ second, tps }) => ({ x: second, y: tps })) }];
  });
  return {
    name: 'sustained',
    title: 'Generation without a pause',
    description: 'tg while the machine generates on and on: what falls is its clock. One run each, so no interval.',
    ...lines(series, { xTitle: 'seconds', yTitle: 'tg, tokens per second' }),
    table: [
      ['row', 'first minute, t/s', 'steady, t/s', 'change', 'seconds', 'samples'],
      ...rows.map(({ name, sustained }) => {
        const { firstMinute = 0, steady = 0, seconds = 0, samples = [] } = sustained ?? {};
        const change = `${((steady / firstMinute - 1) * 100).toFixed(1)} %`;
        return [name, digits(firstMinute), digits(steady), change, String(Math.round(seconds)), `n=${samples.length}`];
      }),
    ],
    conditions: speedConditions(results),
  };
}
