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
    const { beginning, first, steady, samples } = row.sustained;
    const tone = toneOf(row);
    const tip = `${row.name}: ${beginning} ${digits(first)} t/s, last third ${digits(steady)} t/s`;
    return [{ name: row.name, tone, named: tone !== 'rest', tip, points: samples.map(({ second, tps }) => ({ x: second, y: tps })) }];
  });
  return {
    name: 'sustained',
    title: 'Generation without a pause',
    description:
      'tg while the machine generates on and on: what falls is its clock. One run each, so no interval; n counts its repetitions.',
    ...lines(series, { xTitle: 'seconds', yTitle: 'tg, tokens per second' }),
    table: [
      ['row', 'beginning, t/s', 'last third, t/s', 'change', 'seconds'],
      ...rows.flatMap(({ name, sustained }) => {
        if (!sustained) return [];
        const { beginning, first, steady, n, seconds } = sustained;
        const change = `${((steady / first - 1) * 100).toFixed(1)} %`;
        return [
          [name, `${digits(first)} (${beginning}, n=${n.first})`, `${digits(steady)} n=${n.steady}`, change, String(Math.round(seconds))],
        ];
      }),
    ],
    conditions: speedConditions(results),
  };
}
