import type { History } from '../../history/trend.ts';
import { csvLine } from '../csv-line.ts';
import { changesInWords } from './words.ts';

const titles = [
  'pipeline',
  'run',
  'started',
  'verdict',
  'quant',
  'metric',
  'unit',
  'value',
  'low',
  'high',
  'n',
  'joined',
  'band_low',
  'band_high',
  'outside',
  'fail_limit',
  'warn_limit',
  'changed',
];

/** A line for each value of each night. Column names and their order are a promise: later ones are only appended. `joined` is 0 where the value does not compare with the one before. */
export function csvHistory({ pipeline, nights, trends }: History): string {
  const lines = trends.flatMap(({ metric, unit, quant, points }) =>
    points.map(({ night, value, low, high, n, breaks, band, outside, limits }, i) => {
      const { run = '', startedAt = '', verdict = '', changes = [] } = nights[night] ?? {};
      const limit = (level: string) => limits.find((one) => one.level === level)?.value;
      const joined = i > 0 && breaks.length === 0 ? 1 : 0;
      const bounds = [value, low, high].map(rounded);
      const shown = [...bounds, n, joined, rounded(band?.low), rounded(band?.high), outside ?? undefined, limit('fail'), limit('warn')];
      return [pipeline, run, startedAt, verdict, quant, metric, unit, ...shown, changesInWords(changes)];
    }),
  );
  return [titles, ...lines].map((cells) => csvLine(cells.map((cell) => cell ?? ''))).join('');
}

/** Without the digits that only binary numbers have. */
function rounded(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Number(value.toPrecision(9));
}
