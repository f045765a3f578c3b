import type { Recommendation, ResultRow, Results } from '../../results/schema.ts';
import { binarySize, decimalSize, speed as digits, range } from '../format.ts';
import { type Markup, markup } from '../markup.ts';
import { facts, type Section } from './elements.ts';

/** Which file to use, a card per device. */
export function cardsSection(results: Results): Section | null {
  const { recommendations = [] } = results;
  if (recommendations.length === 0) return null;
  const body = markup`<p class="note">What each number rests on stands in its card: measured here, predicted, or published.</p><div class="cards">${recommendations.map((one) => card(one, results))}</div>`;
  return { id: 'use', title: 'Use this', short: 'Use this', body };
}

function card(one: Recommendation, { rows }: Results): Markup {
  const row = rows.find(({ name }) => name === one.pick);
  return markup`<article class="card"><h3>${one.device}</h3>
<p class="pick">${one.pick ?? 'Nothing fits'}</p>
<p class="note">${[`prefer ${one.prefer}`, `${one.context} tokens of context`, ...sizeOf(row)].join(' · ')}</p>
${one.memory && memoryBar(one.memory)}
<p>${one.sentence}</p>
${facts([
  [
    'Speed',
    one.speed
      ? `${digits(one.speed.value)} t/s ${one.speed.n === 0 ? 'predicted ' : ''}${range(one.speed, digits)}`
      : one.pick === null
        ? 'none'
        : 'unknown: not measured on this device',
  ],
  ...(one.runnerUp === null ? [] : ([['Runner-up', one.runnerUpSentence ?? one.runnerUp]] as [string, string][])),
  ...(one.whatWouldChangeIt.length > 0 ? ([['Otherwise', one.whatWouldChangeIt.join('; ')]] as [string, string][]) : []),
  [
    'Stability',
    one.stability === null ? 'not known: no intervals to draw from' : `chosen in ${Math.round(one.stability * 100)} % of resamples`,
  ],
  ['Evidence', one.evidence.join('; ')],
  ...(one.arguments.length > 0 ? ([['Arguments', markup`<code>${one.arguments.join(' ')}</code>`]] as [string, Markup][]) : []),
])}
${one.rejected.length > 0 && markup`<details><summary>${one.rejected.length} passed over</summary><ul class="plain">${one.rejected.map(({ row: name, reason }) => markup`<li><b>${name}</b>: ${reason}</li>`)}</ul></details>`}
</article>`;
}

function sizeOf(row: ResultRow | undefined): string[] {
  return row?.file ? [`${decimalSize(row.file.bytes)} to download`] : [];
}

/** Weights, cache, compute and the process's own, in what the device has. */
function memoryBar({ weights, kv, compute, overhead, free, usable }: NonNullable<Recommendation['memory']>): Markup {
  const parts = [
    { text: 'weights', bytes: weights, tone: 'first' },
    { text: 'KV cache', bytes: kv, tone: 'second' },
    { text: 'compute', bytes: compute, tone: 'third' },
    { text: 'process and margin', bytes: overhead, tone: 'fourth' },
    { text: 'free', bytes: free, tone: 'rest' },
  ];
  const words = parts.map(({ text, bytes }) => `${text} ${binarySize(bytes)}`).join(', ');
  let sum = 0;
  const share = (bytes: number) => `${((100 * bytes) / usable).toFixed(2)}%`;
  const rects = parts.map(({ bytes, tone }) => {
    const from = sum;
    sum += bytes;
    return markup`<rect class="${tone}" x="${share(from)}" width="${share(Math.max(0, bytes))}" height="100%"/>`;
  });
  return markup`<svg class="meter" role="img" aria-label="Memory: ${words}; ${binarySize(usable)} usable">${rects}</svg>
<ul class="key">${parts.map(({ text, bytes, tone }) => markup`<li><svg viewBox="0 0 10 10" aria-hidden="true"><rect class="${tone}" width="10" height="10" rx="2"/></svg>${text} ${binarySize(bytes)}</li>`)}</ul>`;
}
