import type { Interval, Results } from '../../results/schema.ts';
import { speedConditions } from '../conditions-line.ts';
import { range } from '../format.ts';
import type { Chart, Tone } from './chart.ts';
import { type Dot, dotPanels } from './dot-panels.ts';

/** Seconds until the model answers, with the file in memory and without. */
export function loadTimeChart(results: Results): Chart | null {
  const rows = results.rows.flatMap(({ name, load }) => (load && (load.warm || load.cold) ? [{ name, load }] : []));
  if (rows.length === 0) return null;
  const warm = { title: 'warm: the file is in memory, seconds', dots: rows.map(({ load }) => dots(load.warm, 'first')), tick: String };
  const cold = {
    title: 'cold: the file is read from the disk, seconds',
    dots: rows.map(({ load }) => dots(load.cold, 'second')),
    tick: String,
  };
  return {
    name: 'load-time',
    title: 'Load time',
    description: 'From the start of the process until the model answers; values with 95 % intervals.',
    ...dotPanels(
      rows.map(({ name }) => name),
      rows.some(({ load }) => load.cold) ? [warm, cold] : [warm],
    ),
    table: [
      ['row', 'warm, s', 'cold, s'],
      ...rows.map(({ name, load: { warm: inMemory, cold: fromDisk, coldNotMeasured } }) => [
        name,
        inMemory ? text(inMemory) : 'not measured',
        fromDisk ? text(fromDisk) : `not measured${coldNotMeasured ? `: ${coldNotMeasured}` : ''}`,
      ]),
    ],
    conditions: speedConditions(results),
  };
}

function dots(seconds: Interval | undefined, tone: Tone): Dot[] {
  return seconds ? [{ value: seconds.value, low: seconds.low, high: seconds.high, tone, text: text(seconds) }] : [];
}

function text(seconds: Interval): string {
  const digits = (value: number) => value.toPrecision(3);
  return `${digits(seconds.value)} ${range(seconds, digits)}`;
}
