import { max, min } from 'd3-array';
import { scaleLog } from 'd3-scale';
import type { Quality, Results } from '../../results/schema.ts';
import { qualityConditions } from '../conditions-line.ts';
import { kldDecimals, plusMinus } from '../format.ts';
import { type Markup, markup } from '../markup.ts';
import { logTicks } from './axes.ts';
import { type Chart, chartWidth } from './chart.ts';
import { mark, px } from './svg.ts';
import { fitted, pixelWidth } from './text-size.ts';

const rowHeight = 20;
const top = 12;

/** From the typical token to the worst: a good mean with a bad tail shows here. */
export function quantilesChart(results: Results): Chart | null {
  const rows = results.rows.flatMap(({ name, kind, quality }) => (quality && kind !== 'base' ? [{ name, quality }] : []));
  if (rows.length === 0) return null;
  const left = 24 + Math.min(180, Math.max(...rows.map(({ name }) => pixelWidth(name))));
  const positive = rows.flatMap(({ quality }) => quantilesOf(quality).filter((value) => value > 0));
  const scale = scaleLog([(min(positive) ?? 1e-6) * 0.8, (max(positive) ?? 1) * 1.2], [left, chartWidth - 20]);
  const bottom = top + rows.length * rowHeight;
  const ticks = logTicks(scale, (value) => String(Number(value.toPrecision(1))));
  return {
    name: 'quantiles',
    title: 'Divergence from the typical token to the worst',
    description: `KLD per token (logarithmic): bar from the median to 99.9 %, filled dot the mean, stroke 99 %, hollow dot the maximum. Quantiles have no interval: of ${rows[0]?.quality.chunks} chunks (n).`,
    height: bottom + 30,
    body: markup`${ticks.map(({ at, text }) => markup`<path class="grid" d="M${px(at)} ${top - 6}V${bottom}"/><text class="soft middle" x="${px(at)}" y="${bottom + 18}">${text}</text>`)}${rows.map(({ name, quality }, i) => strip(name, quality, top + i * rowHeight + rowHeight / 2, left, scale))}`,
    table: [
      ['row', 'median', 'mean', '99 %', '99.9 %', 'maximum', 'chunks'],
      ...rows.map(({ name, quality }) => [
        name,
        text(quality.kldMedian),
        plusMinus(quality.kld, kldDecimals(quality.kld.value)),
        text(quality.kldP99),
        text(quality.kldP999),
        text(quality.kldMaximum),
        `n=${quality.chunks}`,
      ]),
    ],
    conditions: qualityConditions(results),
  };
}

function strip(name: string, quality: Quality, y: number, left: number, scale: (value: number) => number): Markup {
  const { kld, kldMedian, kldP99, kldP999, kldMaximum, chunks } = quality;
  const x = (value: number) => px(value > 0 ? scale(value) : left);
  const tip = `${name}: median ${text(kldMedian)}, mean ${text(kld.value)}, 99 % ${text(kldP99)}, 99.9 % ${text(kldP999)}, maximum ${text(kldMaximum)}; ${chunks} chunks`;
  return mark(
    name,
    tip,
    markup`<text class="end" x="${px(left - 12)}" y="${px(y + 4)}">${fitted(name, left - 14)}</text><path class="strip rest" d="M${x(kldMedian)} ${px(y)}H${x(kldP999)}"/><path class="interval second" d="M${x(kldP99)} ${px(y - 6)}v12"/><circle class="dot hollow rest" cx="${x(kldMaximum)}" cy="${px(y)}" r="3"/><circle class="dot first" cx="${x(kld.value)}" cy="${px(y)}" r="4"/>`,
  );
}

function quantilesOf({ kld, kldMedian, kldP99, kldP999, kldMaximum }: Quality): number[] {
  return [kld.value, kldMedian, kldP99, kldP999, kldMaximum];
}

function text(value: number): string {
  return value.toFixed(kldDecimals(value));
}
