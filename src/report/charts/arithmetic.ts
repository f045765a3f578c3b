import type { Results } from '../../results/schema.ts';
import { qualityConditions } from '../conditions-line.ts';
import { kldDecimals, plusMinus } from '../format.ts';
import { weightsShare } from '../quality-words.ts';
import type { Chart } from './chart.ts';
import { dotPanels } from './dot-panels.ts';

/** How much of the divergence is the file, and how much the rounding of the kernels that run it. */
export function arithmeticChart(results: Results): Chart | null {
  const rows = results.rows.flatMap(({ name, kind, quality, arithmetic }) =>
    quality && arithmetic && kind !== 'base' ? [{ name, quality, arithmetic }] : [],
  );
  if (rows.length === 0) return null;
  const kld = (of: (typeof rows)[number]['quality']['kld']) => plusMinus(of, kldDecimals(of.value));
  const panel = {
    title: 'mean KLD, nats per token (logarithmic)',
    logarithmic: true,
    tick: (value: number) => String(Number(value.toPrecision(1))),
    dots: rows.map(({ quality, arithmetic }) => [
      { ...quality.kld, tone: 'first' as const, text: `${kld(quality.kld)} as it runs,` },
      { ...arithmetic.kld, tone: 'second' as const, text: `${kld(arithmetic.kld)} weights alone` },
    ]),
  };
  return {
    name: 'weights-or-arithmetic',
    title: 'Weights or arithmetic',
    description:
      'First colour: the file as it runs. Second: the same file dequantized to F16, so that only its rounded weights are left. The rest is how its kernels compute.',
    ...dotPanels(
      rows.map(({ name }) => name),
      [panel],
    ),
    table: [
      [
        'row',
        'KLD as it runs',
        'KLD of the weights alone',
        'share of the weights',
        'same top p as it runs',
        'same top p of the weights alone',
      ],
      ...rows.map(({ name, quality, arithmetic }) => [
        name,
        kld(quality.kld),
        kld(arithmetic.kld),
        arithmetic.share ? weightsShare(arithmetic.share) : 'no share of nothing',
        `${plusMinus(quality.sameTopP, 2)} %`,
        `${plusMinus(arithmetic.sameTopP, 2)} %`,
      ]),
    ],
    conditions: qualityConditions(results),
  };
}
