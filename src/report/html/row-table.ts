import { extent } from 'd3-array';
import { scaleLinear, scaleLog } from 'd3-scale';
import type { ResultRow, Results } from '../../results/schema.ts';
import { conditionsLine } from '../conditions-line.ts';
import { binarySize, decimalSize, speed as digits, kldDecimals } from '../format.ts';
import { dominatorOf } from '../front.ts';
import { type Markup, markup, type Piece } from '../markup.ts';
import { changedTokens, remarksOn } from '../words.ts';
import { copyButton, type Section, withError, withRange } from './elements.ts';

interface NumberColumn {
  title: string;
  unit: string;
  /** Sorted and drawn by. */
  value(row: ResultRow): number | undefined;
  cell(row: ResultRow): Piece;
  /** Sorted so at first: what is best comes first. */
  first: 'up' | 'down';
  bar?: 'linear' | 'logarithmic';
}

const columns: NumberColumn[] = [
  {
    title: 'size',
    unit: 'GB and GiB',
    value: ({ file }) => file?.bytes,
    cell: ({ file }) => file && markup`${decimalSize(file.bytes)} <span class="pm">${binarySize(file.bytes)}</span>`,
    first: 'up',
    bar: 'linear',
  },
  { title: 'bpw', unit: 'bits', value: ({ file }) => file?.bpw, cell: ({ file }) => file?.bpw.toFixed(2), first: 'up' },
  {
    title: 'mean KLD',
    unit: 'nats ±',
    value: ({ quality }) => quality?.kld.value,
    cell: ({ quality }) => quality && withError(quality.kld, kldDecimals(quality.kld.value)),
    first: 'up',
    bar: 'logarithmic',
  },
  {
    title: 'same top p',
    unit: '% ±',
    value: ({ quality }) => quality?.sameTopP.value,
    cell: ({ quality }) => quality && withError(quality.sameTopP, 2),
    first: 'down',
    bar: 'linear',
  },
  {
    title: 'ΔPPL',
    unit: '% ±',
    value: ({ quality }) => quality?.pplRatio.value,
    cell: ({ quality }) => quality && withError(percentMore(quality.pplRatio), 2),
    first: 'up',
  },
  {
    title: '99.9 % KLD',
    unit: 'nats, n = chunks',
    value: ({ quality }) => quality?.kldP999,
    cell: ({ quality }) =>
      quality && markup`${quality.kldP999.toFixed(kldDecimals(quality.kldP999))} <span class="pm">n=${quality.chunks}</span>`,
    first: 'up',
  },
  {
    title: 'RMS Δp',
    unit: '%, n = chunks',
    value: ({ quality }) => quality?.rmsDp,
    cell: ({ quality }) => quality && markup`${quality.rmsDp.toFixed(2)} <span class="pm">n=${quality.chunks}</span>`,
    first: 'up',
  },
  {
    title: 'PPL alone',
    unit: 'its own model',
    value: (row) => row.perplexity?.value,
    cell: (row) => row.perplexity && withError(row.perplexity, 4),
    first: 'up',
  },
  {
    title: 'tg',
    unit: 't/s [95 %]',
    value: (row) => row.generationSpeed?.value,
    cell: (row) => row.generationSpeed && withRange(row.generationSpeed, digits),
    first: 'down',
    bar: 'linear',
  },
  {
    title: 'pp',
    unit: 't/s [95 %]',
    value: (row) => row.promptSpeed?.value,
    cell: (row) => row.promptSpeed && withRange(row.promptSpeed, digits),
    first: 'down',
    bar: 'linear',
  },
  {
    title: 'load, warm',
    unit: 's [95 %]',
    value: ({ load }) => load?.warm?.value,
    cell: ({ load }) => load?.warm && withRange(load.warm, (value) => value.toPrecision(3)),
    first: 'up',
  },
  {
    title: 'memory',
    unit: 'peak, n=1',
    value: ({ load }) => load?.peak && load.peak.anonymous + load.peak.file,
    cell: ({ load }) => load?.peak && binarySize(load.peak.anonymous + load.peak.file),
    first: 'up',
    bar: 'linear',
  },
];

/** Everything in one table that can be sorted: the noise floor first, what is beaten in grey with what beats it. */
export function rowTableSection(results: Results): Section {
  const used = columns.filter((column) => results.rows.some((row) => column.value(row) !== undefined));
  const bars = used.map((column) => barFor(column, results.rows));
  const head = used.map(
    ({ title, unit, first }) =>
      markup`<th scope="col" data-first="${first}"><button type="button">${title}</button><span class="unit">${unit}</span></th>`,
  );
  const body = markup`<p class="note">A head sorts. ± is half a 95 % interval over blocks of text, [ ] the interval over rounds. ΔPPL is paired: PPL(Q)/PPL(base) − 1 on the same tokens. Bars of KLD are logarithmic. The first row is the base against its own recording: differences below it mean nothing.</p>
<div class="scroll wide" tabindex="0" role="region" aria-label="Table of all rows"><table id="rows" class="sortable" data-conditions="${conditionsLine(results)}"><caption>All rows. An empty cell was not measured; the last column says why.</caption>
<thead><tr><th scope="col" data-first="up"><button type="button">row</button></th>${head}<th scope="col" class="words">in words</th></tr></thead>
<tbody>${results.rows.map((row) => line(row, used, bars, results))}</tbody></table></div>
<p class="conditions">${conditionsLine(results)}</p>${copyButton('rows', 'Copy table')}`;
  return { id: 'table', title: 'All rows', short: 'Table', body };
}

type Bar = ((value: number) => number) | null;

function line(row: ResultRow, used: NumberColumn[], bars: Bar[], results: Results): Markup {
  const by = dominatorOf(row, results);
  const classes = [...(row.kind === 'base' ? ['floor'] : []), ...(by ? ['beaten'] : [])].join(' ');
  const name = row.kind === 'base' ? `base (${row.type})` : row.name;
  return markup`<tr class="${classes}" data-row="${row.name}"><th scope="row" data-v="${row.name}">${name}${by && markup`<span class="by">beaten by ${by.name}</span>`}</th>${used.map((column, i) => cell(row, column, bars[i] ?? null))}<td class="words">${words(row, results)}</td></tr>
`;
}

/** The short of it; what else is to be said opens. Why something is missing is never hidden. */
function words(row: ResultRow, results: Results): Markup {
  const remarks = remarksOn(row, results);
  if (!row.quality) return markup`${remarks.join('; ')}`;
  const short = row.kind === 'base' ? 'noise floor' : changedTokens(row.quality.sameTopP.value);
  if (remarks.length === 0) return markup`${short}`;
  return markup`<details><summary>${short}; ${remarks.length} more</summary>${remarks.map((remark) => markup`<p>${remark}</p>`)}</details>`;
}

function cell(row: ResultRow, column: NumberColumn, bar: Bar): Markup {
  const value = column.value(row);
  if (value === undefined) return markup`<td></td>`;
  const drawn =
    bar && markup`<svg class="cellbar" aria-hidden="true"><rect width="${Math.max(0, Math.min(100, bar(value))).toFixed(1)}%"/></svg>`;
  return markup`<td data-v="${value}">${column.cell(row)}${drawn}</td>`;
}

/** To percent of the cell. The base would make all others look small: it is not asked. */
function barFor({ bar, value }: NumberColumn, rows: ResultRow[]): Bar {
  const values = rows.flatMap((row) => (row.kind === 'base' ? [] : (value(row) ?? [])));
  const [low = 0, high = 0] = extent(values.filter((one) => bar !== 'logarithmic' || one > 0));
  if (!bar || high <= 0) return null;
  if (bar === 'linear') return scaleLinear([0, high], [0, 100]);
  const scale = scaleLog([low * 0.8, high], [0, 100]);
  return (one) => (one > 0 ? scale(one) : 0);
}

/** Bounds that are not symmetric become so in percent only where they are small, as ratios near 1 are. */
function percentMore({ value, low, high, n }: NonNullable<ResultRow['quality']>['pplRatio']) {
  const percent = (ratio: number) => (ratio - 1) * 100;
  return { value: percent(value), n, ...(low === undefined || high === undefined ? {} : { low: percent(low), high: percent(high) }) };
}
