import type { ResultRow, Results } from '../../results/schema.ts';
import type { Chart } from '../charts/chart.ts';
import { chartsOf } from '../charts/index.ts';
import { conditionsLine } from '../conditions-line.ts';
import { decimalSize, kldDecimals, plusMinus, range, speed } from '../format.ts';
import { type Markup, markup } from '../markup.ts';
import { htmlDocument } from './document.ts';
import { copyButton, type Section, textTable } from './elements.ts';
import { figure } from './figure.ts';
import { verdict } from './verdict.ts';

/** A run as people called it. */
export interface Run {
  name: string;
  results: Results;
}

/** What a comparison found, as it is shown. */
export interface Differences {
  /** Verdicts of many rows, a sentence for each measure. */
  counts: string[];
  /** Titles of the columns first; `tied` are the lines that nobody has to read. */
  tables: { title: string; lines: string[][]; tied: string[][] }[];
  /** What is not compared and why, and what the verdicts mean. */
  notes: string[];
}

/** Two runs in one page: what differs, judged; what may not be compared, said; and the charts of both under each other. */
export function htmlComparison(a: Run, b: Run, differences: Differences): string {
  const conditions = [a, b].map(({ name, results }) => `${name}: ${conditionsLine(results)}`).join(' | ');
  return htmlDocument({
    title: `${b.name} against ${a.name}`,
    opening: markup`${opening(a)}${opening(b)}`,
    sections: [
      differencesSection(differences, conditions),
      valuesSection(a, b, conditions),
      conditionsSection(a, b, conditions),
      ...chartSections(a, b),
    ],
    conditions,
  });
}

function opening({ name, results }: Run): Markup {
  return markup`<p class="side">${name}</p>${verdict(results)}<p class="conditions">${conditionsLine(results)}</p>`;
}

function differencesSection({ counts, tables, notes }: Differences, conditions: string): Section {
  const body = markup`${tables.length === 0 && markup`<p class="warn">Nothing of these two may be compared.</p>`}<ul class="plain">${counts.map((count) => markup`<li>${count}</li>`)}</ul>
${tables.map((table, i) => differenceTable(table, `difference-${i}`, conditions))}
<ul class="plain">${notes.map((note) => markup`<li>${note}</li>`)}</ul>`;
  return { id: 'differences', title: 'What differs', short: 'Differences', body };
}

/** Of many lines those come first that say something; the others are a click away. */
function differenceTable({ title, lines, tied }: Differences['tables'][number], id: string, conditions: string): Markup {
  const caption = title === '' ? 'Differences' : `Differences: ${title}`;
  const [head = [], ...all] = lines;
  const titles = head.map((cell, i) => (cell === '' && i === 0 ? 'row' : cell));
  const table = (some: string[][], of: string) =>
    markup`${textTable([titles, ...some], { id: of, caption, conditions })}${copyButton(of, 'Copy table')}`;
  if (tied.length < manyLines) return table(all, id);
  const telling = all.filter((line) => !tied.includes(line));
  const summary = telling.length > 0 ? `${caption}: ${tied.length} more rows, tied in all` : `${caption}: all ${tied.length} rows are tied`;
  return markup`${telling.length > 0 && table(telling, id)}<details><summary>${summary}</summary>${table(tied, `${id}-tied`)}</details>`;
}

/** So many tied lines are put away. */
const manyLines = 8;

/** What both found. Numbers that may not be compared stand here too: each has its own conditions. */
function valuesSection(a: Run, b: Run, conditions: string): Section {
  const names = [...new Set([a, b].flatMap(({ results }) => results.rows.map(({ name }) => name)))];
  const titles = values.flatMap(([title]) => [`${title}, ${a.name}`, `${title}, ${b.name}`]);
  const lines = names.map((name) => {
    const both = [a, b].map(({ results }) => results.rows.find((row) => row.name === name));
    return [name, ...values.flatMap(([, read]) => both.map((row) => (row ? read(row) : undefined) ?? 'not measured'))];
  });
  const id = 'values-of-both';
  const body = markup`${textTable([['row', ...titles], ...lines], { id, caption: 'Values side by side; what may not be compared is said above', conditions })}${copyButton(id, 'Copy table')}`;
  return { id: 'values', title: 'Side by side', short: 'Values', body };
}

const values: [string, (row: ResultRow) => string | undefined][] = [
  ['size', ({ file }) => file && decimalSize(file.bytes)],
  ['mean KLD', ({ quality }) => quality && plusMinus(quality.kld, kldDecimals(quality.kld.value))],
  ['same top p', ({ quality }) => quality && `${plusMinus(quality.sameTopP, 2)} %`],
  ['tg t/s', ({ generationSpeed }) => generationSpeed && `${speed(generationSpeed.value)} ${range(generationSpeed, speed)}`],
];

/** Side by side, with a mark where they part: that is what makes numbers incomparable. */
function conditionsSection(a: Run, b: Run, conditions: string): Section {
  const [first, second] = [conditionsOf(a.results), conditionsOf(b.results)];
  const lines = first.map(([name, value], i) => [name, value, second[i]?.[1] ?? '', value === second[i]?.[1] ? 'same' : '≠ differs']);
  const body = textTable([['condition', a.name, b.name, 'alike'], ...lines], {
    id: 'conditions-of-both',
    caption: 'Conditions side by side',
    conditions,
  });
  return { id: 'conditions-side-by-side', title: 'Conditions side by side', short: 'Conditions', body };
}

function conditionsOf({ model, conditions: c, basePpl, run }: Results): [string, string][] {
  return [
    ['model', model],
    ['base', c.base],
    ['base perplexity', basePpl ? basePpl.value.toFixed(4) : 'not measured'],
    ['text', c.evaluation ? `${c.evaluation.text} (sha256 ${c.evaluation.sha256.slice(0, 12)})` : 'none'],
    ['context', String(c.evaluation?.context ?? 'none')],
    ['chunks', String(c.evaluation?.chunks ?? 'none')],
    ['imatrix', c.imatrix ?? 'none'],
    ['llama.cpp', `${c.build} (${c.buildId.slice(0, 12)})`],
    ['layers on the GPU', String(c.gpuLayers ?? 'as the tools choose')],
    ['extra arguments', JSON.stringify(c.args)],
    ['benchmark', c.bench ? `pp${c.bench.prompt}, tg${c.bench.generate}, ${c.bench.rounds} rounds, ${c.bench.threads} threads` : 'none'],
    ['machine', `${c.machine.cpu}, ${c.machine.cores} cores, ${c.machine.os}`],
    ['fingerprint', c.machine.fingerprint.slice(0, 12)],
    ['begun', run.startedAt.slice(0, 16).replace('T', ' ')],
  ];
}

/** The same charts of both, each with its own conditions: nothing is drawn on one axis that may not be compared. */
function chartSections(a: Run, b: Run): Section[] {
  const [first, second] = [chartsOf(a.results), chartsOf(b.results)];
  const names = [...new Set([...first, ...second].map(({ name }) => name))];
  return names.map((name) => {
    const both = [own(first, name, a.name, 'a'), own(second, name, b.name, 'b')];
    const title = [...first, ...second].find((chart) => chart.name === name)?.title ?? name;
    return {
      id: `both-${name}`,
      title,
      short: name[0]?.toUpperCase() + name.slice(1).replaceAll('-', ' '),
      body: markup`${both.map(({ chart, side }) => figure(chart) ?? markup`<p class="note">${side}: not measured.</p>`)}`,
    };
  });
}

function own(charts: Chart[], name: string, side: string, prefix: string): { chart: Chart | undefined; side: string } {
  const chart = charts.find((one) => one.name === name);
  return { side, chart: chart && { ...chart, name: `${prefix}-${name}`, title: `${side}: ${chart.title}` } };
}
