import { type HistoryMetricName, historyMetrics } from './metrics.ts';

/** A difference that is worth no word, however little the nights before differed. @param value in the metric's unit, as the result is */
export function leastEffect(metric: HistoryMetricName, value: number): number {
  const { needs } = historyMetrics[metric];
  switch (needs) {
    case 'file':
      return metric === 'fallback_tensors' ? 0.5 : 0.005 * value;
    case 'evaluate':
    case 'arithmetic':
      return ofQuality(metric, value);
    case 'choices':
      return 1;
    case 'bench':
      return 0.05 * value;
    case 'load':
      return historyMetrics[metric].unit === 'bytes' ? 0.01 * value : 0.05 * value;
  }
}

/** In nats half a percent of perplexity is 0.005. */
function ofQuality(metric: HistoryMetricName, value: number): number {
  if (metric === 'loss') return 0.005;
  if (metric === 'ppl') return 0.005 * value;
  if (metric === 'ppl_ratio') return 0.005;
  if (metric === 'same_top_p') return 0.2;
  if (metric === 'rms_dp') return 0.05 * value;
  return Math.max(0.0005, 0.05 * value);
}
