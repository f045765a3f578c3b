import { sum } from 'd3-array';
import type { Results } from '../../results/schema.ts';
import { qualityConditions } from '../conditions-line.ts';
import { bars } from './bars.ts';
import type { Chart, Tone } from './chart.ts';

const tones: Tone[] = ['first', 'second', 'third', 'fourth'];

/** What a file is really made of: few types are only one. */
export function tensorTypesChart(results: Results): Chart | null {
  const rows = results.rows.flatMap(({ name, file }) => (file?.tensorTypes ? [{ name, types: sorted(file.tensorTypes) }] : []));
  if (rows.length === 0) return null;
  const words = (types: [string, number][]) => types.map(([type, count]) => `${count} ${type}`).join(', ');
  return {
    name: 'tensor-types',
    title: 'Tensor types per file',
    description: 'How many tensors have which type, most first; small ones stay F32. Counted, not estimated.',
    ...bars(
      rows.map(({ name, types }) => ({
        name,
        parts: types.map(([type, value], i) => ({ value, tone: tones[i] ?? 'rest', text: `${value} ${type}` })),
        text: words(types.slice(0, 4)),
      })),
      {
        tones: [
          ...tones.map((tone, i) => ({ tone, text: ['most', 'second', 'third', 'fourth'][i] ?? '' })),
          { tone: 'rest' as const, text: 'the rest' },
        ],
        tick: String,
        title: 'tensors',
      },
    ),
    table: [
      ['row', 'tensors', 'by type'],
      ...rows.map(({ name, types }) => [name, String(sum(types, ([, count]) => count)), words(types)]),
    ],
    conditions: qualityConditions(results),
  };
}

function sorted(types: Record<string, number>): [string, number][] {
  return Object.entries(types).sort(([, a], [, b]) => b - a);
}
