import { heldOutOf } from '../compare/held-out.ts';
import type { Choices, Interval, ResultRow, Results } from '../results/schema.ts';
import { meanInterval } from '../stats/interval.ts';
import type { HistoryMetric } from './metrics.ts';

/** What a row has of a metric; undefined where it was not measured. */
export function valueIn({ name, text, depth }: HistoryMetric, row: ResultRow, results: Results): Interval | undefined {
  const quality = text === null ? row.quality : row.slices?.[text];
  const speeds = depth === null ? row : row.depths?.find((one) => one.depth === depth);
  switch (name) {
    case 'bytes':
      return exactly(row.file?.bytes);
    case 'bpw':
      return exactly(row.file?.bpw);
    case 'fallback_tensors':
      return exactly(row.file?.fallbacks?.length);
    case 'loss':
      return loss(row, results, text);
    case 'ppl':
      return exponential(loss(row, results, text));
    case 'ppl_ratio':
      return quality?.pplRatio;
    case 'kld':
      return quality?.kld;
    case 'same_top_p':
      return quality?.sameTopP;
    case 'kld_median':
      return exactly(quality?.kldMedian, quality?.chunks);
    case 'kld_p99':
      return exactly(quality?.kldP99, quality?.chunks);
    case 'kld_p999':
      return exactly(quality?.kldP999, quality?.chunks);
    case 'rms_dp':
      return exactly(quality?.rmsDp, quality?.chunks);
    case 'kld_dequantized':
      return row.arithmetic?.kld;
    case 'hellaswag':
    case 'winogrande':
      return accuracy(row, name);
    case 'multiple_choice':
      return accuracy(row, 'multiple-choice');
    case 'pp_tps':
      return speeds?.promptSpeed;
    case 'tg_tps':
      return speeds?.generationSpeed;
    case 'tg_tps_first_minute':
      return exactly(row.sustained?.beginning === 'first minute' ? row.sustained.first : undefined, row.sustained?.n.first);
    case 'tg_tps_first_third':
      return exactly(row.sustained?.beginning === 'first third' ? row.sustained.first : undefined, row.sustained?.n.first);
    case 'tg_tps_steady':
      return exactly(row.sustained?.steady, row.sustained?.n.steady);
    case 'load_warm_s':
      return row.load?.warm;
    case 'load_cold_s':
      return row.load?.cold;
    case 'peak_anonymous_bytes':
      return exactly(row.load?.peak?.anonymous);
    case 'peak_file_bytes':
      return exactly(row.load?.peak?.file);
    case 'estimated_bytes':
      return exactly(row.load?.estimate?.total);
  }
}

/** With an interval over blocks of the text: of a quant the base's blocks, and what it adds to each. */
function loss(row: ResultRow, results: Results, text: string | null): Interval | undefined {
  const value = ppl(row, text);
  if (value === undefined) return undefined;
  const heldOut = heldOutOf({ row, results }, text);
  const bounds = heldOut && meanInterval(heldOut.blocks, { effective: heldOut.effectiveBlocks });
  const mean = Math.log(value);
  if (!heldOut || !bounds) return { value: mean, n: 1 };
  const half = (bounds.high - bounds.low) / 2;
  return { value: mean, low: mean - half, high: mean + half, n: heldOut.blocks.length };
}

function ppl(row: ResultRow, text: string | null): number | undefined {
  return text === null ? (row.quality?.ppl ?? row.perplexity?.value) : row.slices?.[text]?.ppl;
}

function exponential(loss: Interval | undefined): Interval | undefined {
  if (!loss) return undefined;
  const { value, low, high, n } = loss;
  return { value: Math.exp(value), ...(low === undefined || high === undefined ? {} : { low: Math.exp(low), high: Math.exp(high) }), n };
}

function accuracy({ choices = [] }: ResultRow, task: Choices['task']): Interval | undefined {
  return choices.find((one) => one.task === task)?.accuracy;
}

/** Without an interval. @param n measurements that it is made of */
function exactly(value: number | undefined, n = 1): Interval | undefined {
  return value === undefined ? undefined : { value, n };
}
