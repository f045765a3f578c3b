import type { ResultRow, Results } from '../../results/schema.ts';
import { markup } from '../markup.ts';
import { recommendationLines } from '../recommendations.ts';
import { hasAnswers } from '../sample-groups.ts';
import { findings } from '../words.ts';
import { facts, type Section } from './elements.ts';

/** What failed, what was left out, and what a reader should know. */
export function findingsSection(results: Results): Section {
  const { failures } = results;
  const failed = failures.map(({ task, message }) => `${task} failed: ${message}`);
  // What has a section of its own is not said twice.
  const shown = [...failed, ...recommendationLines(results), results.generationLimit?.sentence];
  const others = findings(results).filter((text) => !shown.includes(text));
  const body = markup`${
    failures.length > 0
      ? markup`<h3 class="bad">${failures.length} failed</h3><ul class="plain">${failures.map(({ task, message }) => markup`<li><b>${task}</b>: ${message}</li>`)}</ul>`
      : markup`<p>No task failed.</p>`
  }${others.length > 0 && markup`<h3>Notes</h3><ul class="plain">${others.map((text) => markup`<li>${text}</li>`)}</ul>`}`;
  return { id: 'failures-and-notes', title: 'Failures and notes', short: 'Notes', body };
}

const parts: { part: keyof ResultRow['notMeasured']; title: string; has(row: ResultRow): boolean }[] = [
  { part: 'quality', title: 'Quality', has: ({ quality, perplexity }) => (quality ?? perplexity) !== undefined },
  { part: 'slices', title: 'Further texts', has: ({ slices }) => slices !== undefined },
  { part: 'arithmetic', title: 'Weights or arithmetic', has: ({ arithmetic }) => arithmetic !== undefined },
  { part: 'choices', title: 'Questions with given answers', has: ({ choices }) => choices !== undefined },
  { part: 'speed', title: 'Speed', has: ({ generationSpeed }) => generationSpeed !== undefined },
  { part: 'sustained', title: 'Generation without a pause', has: ({ sustained }) => sustained !== undefined },
  { part: 'load', title: 'Load and memory', has: ({ load }) => load !== undefined },
  { part: 'samples', title: 'Samples', has: hasAnswers },
];

/** Parts that no row has, each with its reason: silence could be taken for "nothing to report". Null when all was measured. */
export function notMeasuredSection(results: Results): Section | null {
  const { rows } = results;
  const missing = parts.filter(({ has }) => !rows.some(has));
  const byRule: [string, string][] = [
    ...(rows.some(({ depths }) => depths) ? [] : [['Speed by depth', 'the pipeline does not ask for it'] as [string, string]]),
    ...(results.sweep ? [] : [['Thread sweep', 'the pipeline does not ask for it'] as [string, string]]),
    ...(results.recommendations ? [] : [['Recommendations', 'the pipeline names no device'] as [string, string]]),
  ];
  const lines = [...missing.map(({ part, title }): [string, string] => [title, reasonFor(part, rows)]), ...byRule];
  if (lines.length === 0) return null;
  const body = facts(lines.map(([title, reason]) => [title, `not measured: ${reason}`]));
  return { id: 'not-measured', title: 'Not measured', short: 'Not measured', body };
}

function reasonFor(part: keyof ResultRow['notMeasured'], rows: ResultRow[]): string {
  const reasons = [...new Set(rows.flatMap(({ notMeasured }) => notMeasured[part] ?? []))];
  return reasons.length > 0 ? reasons.join('; ') : 'the pipeline does not ask for it';
}
