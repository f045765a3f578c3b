import type { ResultRow, Results } from '../results/schema.ts';

/** What decides results, by the words that people have for it. */
export type ChangeKind = 'adapter' | 'model' | 'calibration' | 'text' | 'tools' | 'pipeline' | 'machine';

/** One thing that is not what it was in the run before. */
export interface Change {
  kind: ChangeKind;
  /** In words, with both values. */
  what: string;
}

/** What differs between two runs of a pipeline, most telling first; empty where all that decides is the same. */
export function changesBetween(before: Results, after: Results): Change[] {
  return [
    ...weightChanges(before, after),
    ...changed('calibration', 'calibration', before.conditions.imatrix, after.conditions.imatrix),
    ...textChanges(before, after),
    ...toolChanges(before, after),
    ...pipelineChanges(before, after),
    ...(after.newReference ? [{ kind: 'pipeline' as const, what: 'a new reference begins' }] : []),
    ...changed('machine', 'machine', machineOf(before), machineOf(after)),
  ];
}

/** A commit that left the weights as they were is none: a README, another branch of the same. */
function weightChanges(before: Results, after: Results): Change[] {
  const [first, second] = [before, after].map(({ rows }) => rows.find(({ kind }) => kind === 'base')?.file?.sha256);
  if (first === second && first !== undefined) return [];
  const moved = (['adapter', 'model'] as const).flatMap((kind) => {
    const [from, to] = [before, after].map(({ sources = [] }) => sources.find(({ what }) => what === kind));
    if (!from && !to) return [];
    const name = to?.repo ?? from?.repo ?? '';
    return changed(kind, `${kind} ${name}`, commitOf(from), commitOf(to));
  });
  if (moved.length > 0 || first === undefined || second === undefined) return moved;
  return [{ kind: 'model', what: `weights: ${short(first)} to ${short(second)}` }];
}

function commitOf(source: { repo: string; commit: string } | undefined): string | null {
  return source ? short(source.commit) : null;
}

function textChanges(before: Results, after: Results): Change[] {
  const texts = ({ conditions }: Results) =>
    [conditions.evaluation, ...(conditions.slices ?? [])].flatMap((one) => (one ? [`${one.text} (sha256 ${short(one.sha256)})`] : []));
  return changed('text', 'texts', texts(before).join(', '), texts(after).join(', '));
}

function toolChanges(before: Results, after: Results): Change[] {
  const [from, to] = [before.conditions, after.conditions];
  const build = ({ build, buildId }: Results['conditions']) => `${build.split(',')[0]}, build ${short(buildId)}`;
  return [
    ...(from.buildId === to.buildId ? [] : [{ kind: 'tools' as const, what: `llama.cpp: ${build(from)} to ${build(to)}` }]),
    ...changed('tools', 'converter', from.converter, to.converter),
  ];
}

function pipelineChanges(before: Results, after: Results): Change[] {
  const [from, to] = [before.conditions, after.conditions];
  return [
    ...changed('pipeline', 'rows', rowNames(before), rowNames(after)),
    ...changed('pipeline', 'base', from.base, to.base),
    ...changed('pipeline', 'context', from.evaluation?.context, to.evaluation?.context),
    ...changed('pipeline', 'chunks', from.evaluation?.chunks, to.evaluation?.chunks),
    ...changed('pipeline', 'benchmark', benchOf(before), benchOf(after)),
    ...changed('pipeline', 'layers on the GPU', from.gpuLayers, to.gpuLayers),
    ...changed('pipeline', 'extra arguments', argumentsOf(before), argumentsOf(after)),
  ];
}

function rowNames({ rows }: Results): string {
  return rows.flatMap(({ name, kind }: ResultRow) => (kind === 'base' ? [] : [name])).join(' ');
}

function benchOf({ conditions: { bench } }: Results): string | null {
  return bench && `pp${bench.prompt}, tg${bench.generate}, ${bench.threads} threads`;
}

function argumentsOf({ conditions: { args } }: Results): string {
  return Object.entries(args)
    .map(([tool, list]) => `${tool} ${list.join(' ')}`)
    .join('; ');
}

function machineOf({ conditions: { machine } }: Results): string {
  return `${machine.cpu}, ${machine.os} (${short(machine.fingerprint)})`;
}

function changed(kind: ChangeKind, what: string, from: unknown, to: unknown): Change[] {
  const word = (value: unknown) => (value === undefined || value === null || value === '' ? 'none' : String(value));
  return word(from) === word(to) ? [] : [{ kind, what: `${what}: ${word(from)} to ${word(to)}` }];
}

function short(digest: string): string {
  return digest.slice(0, 8);
}
