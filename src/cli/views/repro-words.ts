import type { RepeatedCell } from '../../published/cells.ts';
import type { Repeated } from '../../published/compare.ts';
import { decimalsOf } from '../../published/figure.ts';
import type { PublishedTable } from '../../published/table.ts';
import { heading, item, linesOf, type ReproFormat } from './repro-table.ts';

/** A table and a run of it: what was the same, the base, and every figure. @param width columns of the terminal */
export function repeatedInWords(table: PublishedTable, repeated: Repeated, format: ReproFormat, width = Number.POSITIVE_INFINITY): string {
  const { id, title, source } = table;
  const items = (texts: string[]) => texts.map((text) => item(format, text, width));
  return `${[
    ...heading(format, `${id}: ${title}${repeated.part === null ? '' : ` (${repeated.part})`}`, width),
    ...items([`${source.project}, ${source.where}; run ${repeated.run}`]),
    '',
    ...conditionLines(repeated, format, width),
    '',
    ...items([...(repeated.model ? [`model: ${repeated.model.why}`] : []), baseInWords(repeated)]),
    '',
    ...cellLines(repeated, format, width),
    '',
    ...items([...remarks(table, repeated), totals(repeated)]),
  ].join('\n')}\n`;
}

function conditionLines({ conditions }: Repeated, format: ReproFormat, width: number): string[] {
  return linesOf(
    format,
    [
      { title: 'condition', cell: ({ what }) => what },
      { title: 'published', cell: ({ published }) => published ?? '-' },
      { title: 'ours', cell: ({ ours }) => ours ?? '-' },
      { title: '', cell: ({ verdict }) => verdict },
    ],
    conditions,
    { width, dispensable: [], wrap: 2 },
  );
}

function baseInWords({ base }: Repeated): string {
  if (base === null) return 'base: its perplexity is not known on both sides, so nothing says whether the same thing was measured';
  const { published, ours, difference, verdict } = base;
  const numbers = `published ${published.toFixed(4)}, ours ${ours.toFixed(4)}, difference ${signed(difference, 4)}: ${verdict}`;
  return verdict === 'differs'
    ? `base: ${numbers}. Another text, context, tokenizer or model: look at the conditions before at any type`
    : `base: ${numbers}`;
}

/** Only what the run has figures for; the rest is told below with its reason. */
function cellLines({ cells }: Repeated, format: ReproFormat, width: number): string[] {
  return linesOf(
    format,
    [
      { title: 'row', cell: ({ row }) => row },
      { title: 'column', cell: ({ column }) => column },
      { title: 'unit', cell: ({ unit }) => unit ?? '' },
      { title: 'published', align: 'right', cell: published },
      { title: 'ours', align: 'right', cell: ours },
      {
        title: 'difference',
        align: 'right',
        cell: (cell) => (cell.difference === null ? '-' : signed(cell.difference, decimalsFor(cell))),
      },
      { title: 'verdict', cell: ({ verdict, asRatio }) => (asRatio ? `${verdict} (as a ratio)` : verdict) },
    ],
    cells.filter((cell) => cell.ours !== null),
    { width, dispensable: [2, 5], wrap: 6 },
  );
}

/** Where another figure is right, that one, with the printed one beside it. */
function published({ printed, published: value, publishedError }: RepeatedCell): string {
  const error = publishedError === null ? '' : ` ± ${publishedError.toFixed(decimalsOf(printed))}`;
  return value === Number(printed) ? `${printed}${error}` : `${value} (printed ${printed})`;
}

function ours(cell: RepeatedCell): string {
  if (cell.ours === null) return '-';
  const error = cell.oursHalfWidth === null ? '' : ` ± ${cell.oursHalfWidth.toFixed(decimalsFor(cell))}`;
  return `${cell.ours.toFixed(decimalsFor(cell))}${error}`;
}

/** One more than was printed, as far as llama-perplexity prints any. */
function decimalsFor({ printed, asRatio }: RepeatedCell): number {
  return asRatio ? 5 : Math.min(6, Math.max(2, decimalsOf(printed) + 1));
}

function signed(value: number, decimals: number): string {
  const text = value.toFixed(decimals);
  if (Number(text) === 0) return text.replace('-', '');
  return value > 0 ? `+${text}` : text;
}

/** Each reason once, with the figures that it is about. */
function remarks({ notes, rows: all }: PublishedTable, { cells }: Repeated): string[] {
  const groups = new Map<string, RepeatedCell[]>();
  for (const cell of cells) {
    if (cell.why === null) continue;
    const key = `${cell.verdict === 'not judged' || cell.verdict === 'not measured' ? `${cell.verdict}: ` : ''}${cell.why}`;
    groups.set(key, [...(groups.get(key) ?? []), cell]);
  }
  const known = [...groups].map(([why, about]) => `${placesIn(about, all.length)}: ${why}`);
  const cautions = notes.map(({ rows = [], column, why }) => `${[...rows, ...(column ? [column] : [])].join(', ') || 'all'}: ${why}`);
  return [...known, ...cautions, 'published ± is one standard error as printed; ours is half of a 95 % interval over blocks of chunks'];
}

/** `Q2_K, Q3_K_S (size, ppl)`; of a whole column only its name. */
function placesIn(cells: RepeatedCell[], rows: number): string {
  const names = [...new Set(cells.map(({ row }) => row))];
  const columns = [...new Set(cells.map(({ column }) => column))];
  return names.length === rows && rows > 1 ? columns.join(', ') : `${names.join(', ')} (${columns.join(', ')})`;
}

function totals({ cells }: Repeated): string {
  const verdicts = ['match', 'consistent', 'differs', 'not judged', 'not measured'] as const;
  return `${cells.length} figures: ${verdicts
    .map((verdict) => [cells.filter((cell) => cell.verdict === verdict).length, verdict] as const)
    .flatMap(([count, verdict]) => (count > 0 ? [`${count} ${verdict}`] : []))
    .join(', ')}`;
}
