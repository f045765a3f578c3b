import type { ResultRow, Results } from '../../results/schema.ts';
import { worthHaving } from '../front.ts';
import type { Tone } from './chart.ts';

const tones: Tone[] = ['first', 'second', 'third', 'fourth'];

/** Of many lines the few that are drawn in colour: picks first, then what is worth having, spread over the sizes. @param rows those that have a line */
export function tonesOfFew(rows: ResultRow[], results: Results): (row: ResultRow) => Tone {
  const picks = rows.filter(({ name }) => results.recommendations?.some(({ pick }) => pick === name));
  const worth = worthHaving(results).filter((row) => rows.includes(row));
  const spread = tones.flatMap((_, i) => worth[Math.round((i * (worth.length - 1)) / (tones.length - 1))] ?? []);
  const few = [...new Set([...picks, ...spread, ...rows])].slice(0, tones.length);
  return (row) => tones[few.indexOf(row)] ?? 'rest';
}
