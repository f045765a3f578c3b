import type { Results, Speed } from '../../results/schema.ts';
import { speedConditions } from '../conditions-line.ts';
import { speed as digits, range } from '../format.ts';
import type { Chart } from './chart.ts';
import { type Dot, dotPanels } from './dot-panels.ts';

/** Tokens per second of every row: medians with their intervals. */
export function speedChart(results: Results): Chart | null {
  const rows = results.rows.filter(({ generationSpeed, promptSpeed }) => generationSpeed || promptSpeed);
  if (rows.length === 0) return null;
  const names = rows.map(({ name }) => name);
  const panels = [
    { title: 'tg: generating, tokens per second', dots: rows.map((row) => dots(row.generationSpeed)), tick: String },
    { title: 'pp: reading a prompt, tokens per second', dots: rows.map((row) => dots(row.promptSpeed)), tick: String },
  ];
  return {
    name: 'speed',
    title: 'Speed by type',
    description:
      'Medians of the rounds with their 95 % intervals; farther right is faster. Grey: noisy, the rounds spread by more than 5 %.',
    ...dotPanels(names, panels),
    table: [['row', 'tg t/s', 'pp t/s'], ...rows.map((row) => [row.name, inWords(row.generationSpeed), inWords(row.promptSpeed)])],
    conditions: speedConditions(results),
  };
}

function dots(speed: Speed | undefined): Dot[] {
  if (!speed) return [];
  return [{ value: speed.value, low: speed.low, high: speed.high, tone: speed.noisy ? 'rest' : 'first', text: inWords(speed) }];
}

function inWords(speed: Speed | undefined): string {
  return speed ? `${digits(speed.value)} ${range(speed, digits)}${speed.noisy ? ' noisy' : ''}` : 'not measured';
}
