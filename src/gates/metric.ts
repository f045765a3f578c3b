/** What has to be measured for a number to be there, by the words of a pipeline. */
export type Needs = 'file' | 'evaluate' | 'arithmetic' | 'choices' | 'bench' | 'load';

/**
 * Where its error comes from. `exact` has none; `blocks` of the text, which pair with those of another run; `rounds` of the benchmark;
 * `questions`, which pair too; `interval`, of which only the bounds are saved; `once`, with what two runs of one file differ by.
 */
type ErrorKind = 'exact' | 'blocks' | 'rounds' | 'questions' | 'interval' | 'once';

export type Unit = 'bytes' | 'bits' | 'tensors' | 'nats/token' | 'PPL' | 'ratio' | '%' | 'tokens/s' | 's';

export interface Metric {
  /** In sentences: `mean KLD`. */
  words: string;
  unit: Unit;
  bad: 'high' | 'low';
  needs: Needs;
  error: ErrorKind;
}

/** Every number that a gate may be on and a history may draw, by its name in the CSV. */
export const metrics = {
  bytes: { words: 'size', unit: 'bytes', bad: 'high', needs: 'file', error: 'exact' },
  bpw: { words: 'bits per weight', unit: 'bits', bad: 'high', needs: 'file', error: 'exact' },
  fallback_tensors: { words: 'fallbacks', unit: 'tensors', bad: 'high', needs: 'file', error: 'exact' },
  loss: { words: 'held-out loss', unit: 'nats/token', bad: 'high', needs: 'evaluate', error: 'blocks' },
  ppl: { words: 'PPL', unit: 'PPL', bad: 'high', needs: 'evaluate', error: 'blocks' },
  ppl_ratio: { words: 'PPL ratio', unit: 'ratio', bad: 'high', needs: 'evaluate', error: 'blocks' },
  kld: { words: 'mean KLD', unit: 'nats/token', bad: 'high', needs: 'evaluate', error: 'blocks' },
  same_top_p: { words: 'same top p', unit: '%', bad: 'low', needs: 'evaluate', error: 'blocks' },
  kld_dequantized: { words: 'mean KLD dequantized', unit: 'nats/token', bad: 'high', needs: 'arithmetic', error: 'interval' },
  hellaswag: { words: 'HellaSwag', unit: '%', bad: 'low', needs: 'choices', error: 'questions' },
  winogrande: { words: 'Winogrande', unit: '%', bad: 'low', needs: 'choices', error: 'questions' },
  multiple_choice: { words: 'multiple choice', unit: '%', bad: 'low', needs: 'choices', error: 'questions' },
  pp_tps: { words: 'pp', unit: 'tokens/s', bad: 'low', needs: 'bench', error: 'rounds' },
  tg_tps: { words: 'tg', unit: 'tokens/s', bad: 'low', needs: 'bench', error: 'rounds' },
  load_warm_s: { words: 'load time, warm', unit: 's', bad: 'high', needs: 'load', error: 'interval' },
  load_cold_s: { words: 'load time, cold', unit: 's', bad: 'high', needs: 'load', error: 'interval' },
  peak_anonymous_bytes: { words: 'peak memory', unit: 'bytes', bad: 'high', needs: 'load', error: 'once' },
  estimated_bytes: { words: 'estimated memory', unit: 'bytes', bad: 'high', needs: 'load', error: 'exact' },
} as const satisfies Record<string, Metric>;

export type MetricName = keyof typeof metrics;

/** What people say for some of them. */
const shortNames = new Map<string, MetricName>([
  ['size', 'bytes'],
  ['pp', 'pp_tps'],
  ['tg', 'tg_tps'],
  ['load', 'load_warm_s'],
  ['rss', 'peak_anonymous_bytes'],
]);

/** Columns of the CSV that no gate can judge: nothing tells their chance from their change. */
export const withoutError = [
  'kld_median',
  'kld_p99',
  'kld_p999',
  'rms_dp',
  'tg_tps_steady',
  'tg_tps_first_minute',
  'tg_tps_first_third',
  'peak_file_bytes',
];

/** A number as it is asked for. */
export interface NamedMetric {
  name: MetricName;
  /** `kld@code`: on a further text. */
  text: string | null;
  /** `tg@d4096`: with so many tokens in the context. */
  depth: number | null;
}

export const metricWords: string[] = [...Object.keys(metrics), ...shortNames.keys()];

/** A metric by its name, by the short one, and with the place that the CSV adds: `kld@code`, `tg@d4096`. Null for none. */
export function metricNamed(written: string): NamedMetric | null {
  const [word = '', place = null] = splitAt(written);
  const name = Object.hasOwn(metrics, word) ? (word as MetricName) : shortNames.get(word);
  if (name === undefined) return null;
  if (place === null) return { name, text: null, depth: null };
  if (metrics[name].needs === 'evaluate') return { name, text: place, depth: null };
  const [, depth] = metrics[name].needs === 'bench' ? (/^d(\d+)$/.exec(place) ?? []) : [];
  return depth === undefined ? null : { name, text: null, depth: Number(depth) };
}

function splitAt(written: string): [string, string | null] {
  const at = written.indexOf('@');
  return at < 0 ? [written, null] : [written.slice(0, at), written.slice(at + 1)];
}
