import type { Results } from '../results/schema.ts';
import type { Condition } from './condition.ts';
import { modelCondition } from './same-model.ts';
import type { PublishedRun } from './schema.ts';
import type { PublishedTable } from './table.ts';

/** Conditions side by side. A text is the same when it is the one that the table's run names for it. */
export function lineUp(table: PublishedTable, run: PublishedRun, results: Results): Condition[] {
  const { conditions: stated } = table;
  const { conditions } = results;
  const { evaluation } = conditions;
  return [
    modelCondition(table, run, results),
    condition('build', stated.build, conditions.build, (build) => isSameBuild(build, conditions)),
    condition('backend', stated.backend, conditions.build, (backend) => words(conditions.build).includes(words(backend)[0] ?? '')),
    condition('hardware', stated.hardware, conditions.machine.cpu, (hardware) => hardware === conditions.machine.cpu),
    condition(
      'text',
      stated.text,
      evaluation?.text ?? null,
      (text) => evaluation !== null && [text, textOf(run)].includes(evaluation.text),
    ),
    condition('context', stated.context, evaluation?.context ?? null, (context) => context === String(evaluation?.context)),
    condition('chunks', stated.chunks, chunksOf(results), (chunks) => chunks === String(chunksOf(results))),
    condition('batch', stated.batch, batchOf(results), (batch) => batch === String(batchOf(results))),
    imatrixCondition(stated.imatrix, conditions.imatrix),
  ];
}

/** Whether everything is the same that decides the quality of a file made with a matrix, or without. The machine does not. */
export function areSame(conditions: Condition[], withMatrix: boolean): boolean {
  return conditions.every(
    ({ what, verdict }) =>
      verdict === 'same' || what === 'hardware' || (what === 'imatrix' && !withMatrix) || (what === 'batch' && verdict !== 'different'),
  );
}

function condition(
  what: Condition['what'],
  published: string | number | undefined,
  ours: string | number | null,
  isSame: (published: string) => boolean,
): Condition {
  const sides = { what, published: published === undefined ? null : String(published), ours: ours === null ? null : String(ours) };
  if (sides.published === null || sides.ours === null) return { ...sides, verdict: 'not stated' };
  return { ...sides, verdict: isSame(sides.published) ? 'same' : 'different' };
}

function imatrixCondition(published: string | undefined, ours: string | null): Condition {
  const isNone = published?.startsWith('none') ?? false;
  const sides = { what: 'imatrix' as const, published: published ?? null, ours: ours ?? 'none' };
  if (published === undefined) return { ...sides, verdict: 'not stated' };
  return { ...sides, verdict: (isNone && ours === null) || published === ours ? 'same' : 'different' };
}

/** By a commit that both name, or by what qpipe itself calls a build. */
function isSameBuild(published: string, { build, version }: Results['conditions']): boolean {
  return published === build || commitsIn(published).some((commit) => `${build} ${version}`.includes(commit));
}

/** Names of commits: `build 1742 (edd1ab7)`. */
function commitsIn(build: string): string[] {
  return (build.match(/\b[0-9a-f]{7,40}\b/g) ?? []).map((commit) => commit.slice(0, 7));
}

function words(text: string): string[] {
  return text.toLowerCase().match(/[a-z]+/g) ?? [];
}

/** What a results.json calls the text that the table's run names. */
function textOf({ pipeline }: PublishedRun): string | null {
  const { text } = (pipeline['evaluate'] ?? {}) as { text?: unknown };
  return typeof text === 'string' ? (text.split('/').at(-1) ?? text) : null;
}

function chunksOf({ rows, conditions }: Results): number | string | null {
  return rows.find(({ quality }) => quality)?.quality?.chunks ?? conditions.evaluation?.chunks ?? null;
}

/** llama-perplexity's own default where nothing else was handed to it. */
function batchOf({ conditions: { args } }: Results): number {
  const given = args['perplexity'] ?? [];
  const at = given.findIndex((word) => word === '-b' || word === '--batch-size');
  return at < 0 ? 2048 : Number(given[at + 1]);
}
