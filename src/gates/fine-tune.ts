import type { Gate, GateLimit, GateSettings } from '../pipeline/gate.ts';
import type { ResultRow } from '../results/schema.ts';
import { usualLimits } from './limits-by-width.ts';

/** How much worse the held-out loss may become from one good build to the next, and from the first one. */
const worse = 0.01;

/**
 * The usual gates of a fine-tune, for each file that the pipeline makes: held-out loss against the last good build and, so that slow
 * drift is seen, against a fixed one; divergence from its own base as an absolute limit, as the base is another one every night.
 */
export function fineTuneGates({ baseline, at }: NonNullable<GateSettings['fineTune']>, rows: ResultRow[]): Gate[] {
  return rows.flatMap((row) => {
    if (row.kind !== 'quant') return [];
    const { kld, sameTopP } = usualLimits(row.type);
    const gate = (metric: Gate['metric'], level: Gate['level'], limit: GateLimit): Gate => ({
      metric,
      depth: null,
      rows: [row.name],
      text: null,
      limit,
      confidence: 0.95,
      level,
      at,
    });
    const warnsBeside = (metric: Gate['metric'], vs: typeof baseline, most: number) =>
      gate(metric, 'warn', { kind: 'change', most, relative: true, vs });
    const lossBeside = (vs: typeof baseline) => gate('loss', 'fail', { kind: 'change', most: worse, relative: true, vs });
    return [
      lossBeside({ is: 'lastGood' }),
      lossBeside(baseline),
      gate('kld', 'fail', { kind: 'bound', value: kld.fail }),
      gate('kld', 'warn', { kind: 'bound', value: kld.warn }),
      warnsBeside('kld', { is: 'median', of: 5 }, 0.15),
      gate('same_top_p', 'warn', { kind: 'bound', value: sameTopP }),
      warnsBeside('bytes', { is: 'lastGood' }, 0.02),
    ];
  });
}
