import { type Metric, metricNamed, metrics, metricWords } from '../gates/metric.ts';

/** What a history may draw: every number that a gate may be on, and those beside them that have no interval, so that no gate can judge them. */
export const historyMetrics = {
  ...metrics,
  kld_median: { words: 'median KLD', unit: 'nats/token', bad: 'high', needs: 'evaluate' },
  kld_p99: { words: '99 % KLD', unit: 'nats/token', bad: 'high', needs: 'evaluate' },
  kld_p999: { words: '99.9 % KLD', unit: 'nats/token', bad: 'high', needs: 'evaluate' },
  rms_dp: { words: 'RMS Δp', unit: '%', bad: 'high', needs: 'evaluate' },
  tg_tps_first_minute: { words: 'tg, first minute', unit: 'tokens/s', bad: 'low', needs: 'bench' },
  tg_tps_first_third: { words: 'tg, first third', unit: 'tokens/s', bad: 'low', needs: 'bench' },
  tg_tps_steady: { words: 'tg, steady', unit: 'tokens/s', bad: 'low', needs: 'bench' },
  peak_file_bytes: { words: 'peak of mapped files', unit: 'bytes', bad: 'high', needs: 'load' },
} as const satisfies Record<string, Omit<Metric, 'error'>>;

export type HistoryMetricName = keyof typeof historyMetrics;

/** A number as it is asked for; gates name some of them. */
export interface HistoryMetric {
  name: HistoryMetricName;
  /** `kld@code`: on a further text. */
  text: string | null;
  /** `tg@d4096`: with so many tokens in the context. */
  depth: number | null;
}

export const historyWords: string[] = [...new Set([...Object.keys(historyMetrics), ...metricWords])];

/** A metric by its name, by the short one, and with the place that the CSV adds. Null for none. */
export function historyMetricNamed(written: string): HistoryMetric | null {
  const known = metricNamed(written);
  if (known) return known;
  const at = written.indexOf('@');
  const [word, text] = at < 0 ? [written, null] : [written.slice(0, at), written.slice(at + 1)];
  if (!Object.hasOwn(historyMetrics, word)) return null;
  const name = word as HistoryMetricName;
  return text !== null && historyMetrics[name].needs !== 'evaluate' ? null : { name, text, depth: null };
}

/** As it is written: `tg_tps@d4096`. */
export function writtenMetric({ name, text, depth }: HistoryMetric): string {
  return `${name}${text === null ? '' : `@${text}`}${depth === null ? '' : `@d${depth}`}`;
}
