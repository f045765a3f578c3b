import type { Quality, Results } from '../results/schema.ts';
import type { MetricName, NamedMetric } from './metric.ts';

/**
 * Below that a change is the method's and no model's: what the base differs by from its own recording, half of the last printed decimal, and
 * for speeds what two days of one machine differ by. In the metric's unit.
 * @param value of the metric, there
 */
export function floorOf({ name, text }: NamedMetric, value: number, results: Results): number {
  const base = results.rows.find(({ kind }) => kind === 'base');
  const quality = text === null ? base?.quality : base?.slices?.[text];
  return Math.max(quality ? fromItself(name, quality, value) : 0, printed[name] ?? 0, leastSpeed(name, results) * value);
}

function fromItself(name: MetricName, { kld, pplRatio, sameTopP }: Quality, value: number): number {
  const logarithm = Math.abs(Math.log(pplRatio.value));
  switch (name) {
    case 'kld':
      return Math.abs(kld.value);
    case 'loss':
      return logarithm;
    case 'ppl':
    case 'ppl_ratio':
      return value * Math.expm1(logarithm);
    case 'same_top_p':
      return 100 - sameTopP.value;
    default:
      return 0;
  }
}

/** Half of a last decimal: six of means and ratios, three of percentages. */
const printed: Partial<Record<MetricName, number>> = { kld: 5e-7, ppl_ratio: 5e-7, ppl: 5e-7, loss: 5e-7, same_top_p: 5e-4 };

/** As `qpipe compare` has them. */
function leastSpeed(name: MetricName, { conditions }: Results): number {
  if (name !== 'tg_tps' && name !== 'pp_tps') return 0;
  return (conditions.gpuLayers ?? 0) > 0 ? 0.03 : 0.05;
}
