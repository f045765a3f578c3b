import type { SizeCheck } from '../../published/check-sizes.ts';
import { decimalsOf } from '../../published/figure.ts';
import type { PublishedTable } from '../../published/table.ts';
import { heading, item, linesOf, type ReproFormat } from './repro-table.ts';

/** The sizes of a table, row by row. @param width columns of the terminal */
export function sizesInWords(table: PublishedTable, checks: SizeCheck[], format: ReproFormat, width = Number.POSITIVE_INFINITY): string {
  const lines = linesOf(
    format,
    [
      { title: 'row', cell: ({ row }) => row },
      { title: 'column', cell: ({ column }) => column },
      { title: 'unit', cell: ({ unit }) => unit ?? '' },
      { title: 'published', align: 'right', cell: published },
      { title: 'computed', align: 'right', cell: (check) => more(check, check.computed) },
      { title: 'difference', align: 'right', cell: (check) => signed(more(check, check.difference)) },
      { title: 'verdict', cell: ({ verdict }) => verdict },
      { title: 'made', cell: made },
    ],
    checks,
    // Without the unit and the difference, and with how it was made in several lines, it is still a comparison.
    { width, dispensable: [2, 5], wrap: 7 },
  );
  const heads = heading(format, `${table.id}: ${table.title}`, width);
  const below = [...remarks(table, checks), totals(checks)].map((text) => item(format, text, width));
  return `${[...heads, ...lines, '', ...below].join('\n')}\n`;
}

/** Where another figure is right, that one, with the printed one beside it. */
function published({ published: printed, expected }: SizeCheck): string {
  return printed === expected ? printed : `${expected} (printed ${printed})`;
}

/** With one digit more than was printed, and never fewer than two. */
function more({ published }: SizeCheck, value: number | null): string {
  return value === null ? '-' : value.toFixed(Math.max(2, decimalsOf(published) + 1));
}

function signed(text: string): string {
  if (Number(text) === 0) return text.replace('-', '');
  return text.startsWith('-') ? text : `+${text}`;
}

function made(check: SizeCheck): string {
  const { made: how, otherwise } = check;
  if (otherwise === null) return how.join(', ');
  const other = how.includes('with a matrix') ? 'without one' : 'with a matrix';
  return [...how, `${other} ${more(check, otherwise)}`].join(', ');
}

/** Why rows do not come out as printed, each reason once; and what is to be known of those that do. */
function remarks({ notes, columns: all }: PublishedTable, checks: SizeCheck[]): string[] {
  const columns = checks.map(({ column }) => column);
  const ofSizes = notes.filter(({ column }) => column !== undefined && columns.includes(column));
  const loose = all.filter(({ name, tolerance }) => tolerance > 0 && columns.includes(name));
  return [
    ...loose.map(
      ({ name, tolerance, unit }) => `${name}: a match may be ${tolerance} ${unit} off beside the rounding: docs/repro.md says why`,
    ),
    ...ofSizes.map(({ rows = [], column, why }) => `${[...rows, column].join(', ')}: ${why}`),
    ...reasons(checks),
  ];
}

function reasons(checks: SizeCheck[]): string[] {
  return [...groupedByWhy(checks)].map(([why, rows]) => `${rows.map(({ row }) => row).join(', ')}: ${rows[0]?.verdict}. ${why}`);
}

function groupedByWhy(checks: SizeCheck[]): Map<string, SizeCheck[]> {
  const groups = new Map<string, SizeCheck[]>();
  for (const check of checks) if (check.why !== null) groups.set(check.why, [...(groups.get(check.why) ?? []), check]);
  return groups;
}

/** `41 of 46 match; 5 misprints, as known`. */
function totals(checks: SizeCheck[]): string {
  const count = (verdict: SizeCheck['verdict']) => checks.filter((check) => check.verdict === verdict).length;
  const others = [
    [count('misprint'), 'misprinted, and the right figure comes out'],
    [count('older mix'), "of an older mix, and today's size comes out"],
    [count('differs'), 'DIFFER'],
    [count('not checked'), 'not checked'],
  ] as const;
  const rest = others.flatMap(([many, what]) => (many > 0 ? [`${many} ${what}`] : []));
  return [`${count('match')} of ${checks.length} match`, ...rest].join('; ');
}
