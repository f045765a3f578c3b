import type { GateVerdict, ResultRow, Results } from '../../src/results/schema.ts';
import { resultsWith, rowWith } from './results.ts';

interface NightSettings {
  /** Of Q2_K, the smaller of two quants. */
  kld?: number;
  row?: Partial<ResultRow>;
  conditions?: Partial<Results['conditions']>;
  gates?: GateVerdict[];
  results?: Partial<Results>;
}

/** The results of a pipeline's run so many days into 2026. Every night has another base, as fine-tunes have. */
export function nightOf(day: number, { kld = 0.03, row = {}, conditions = {}, gates, results = {} }: NightSettings = {}): Results {
  const startedAt = new Date(Date.UTC(2026, 0, day, 2, 30)).toISOString();
  const made = resultsWith([
    rowWith('base', 2e9, 0.000001, 99.99, { kind: 'base', type: 'F16', file: fileOf('F16', 2e9, `${day} base`) }),
    rowWith('Q4_K_M', 6e8, kld / 4, 96),
    rowWith('Q2_K', 3e8, kld, 90, row),
  ]);
  return {
    ...made,
    run: { ...made.run, id: `${startedAt.slice(0, 19).replace(/[-:]/g, '')}Z-7`, startedAt },
    conditions: { ...made.conditions, ...conditions },
    ...(gates ? { gates } : {}),
    ...results,
  };
}

/** Nights that differ as the same training twice does: a few percent, in a fixed order. */
export function quietNights(count: number, kld = 0.03): Results[] {
  const noise = [0, 0.02, -0.01, 0.015, -0.02, 0.005, -0.015, 0.01, -0.005, 0.018];
  return Array.from({ length: count }, (_, i) => nightOf(i + 1, { kld: kld * (1 + (noise[i % noise.length] ?? 0)) }));
}

export function gateOn(metric: string, quant: string, outcome: GateVerdict['outcome'], more: Partial<GateVerdict> = {}): GateVerdict {
  return { metric, quant, level: 'fail', outcome, evidence: `${metric} of ${quant}: ${outcome}`, ...more };
}

function fileOf(type: string, bytes: number, seed: string): NonNullable<ResultRow['file']> {
  const sha256 = Buffer.from(seed.padEnd(32, '.')).toString('hex').slice(0, 64);
  return { name: `Tiny-${type}.gguf`, bytes, bpw: 16, sha256, fallbacks: [], raised: [] };
}
