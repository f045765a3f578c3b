import type { Results } from '../results/schema.ts';
import { pipelineName } from './as-pipeline.ts';
import type { Condition } from './condition.ts';
import type { PublishedRun } from './schema.ts';
import { knownShapes, type ModelShape } from './shapes.ts';
import type { PublishedTable } from './table.ts';

/**
 * The model of a table beside that of a run. Repos of the Hub decide, then the number of weights and the shape, which cannot be those of two
 * models, and last the name; in a run of the table's own pipeline a folder may have any.
 */
export function modelCondition(table: PublishedTable, run: PublishedRun, results: Results): Condition {
  const published = run.rows ?? table.model.name ?? null;
  const used = (results.sources ?? []).filter(({ what }) => what === 'model');
  const [first] = used;
  const ours = first ? `${first.repo} (commit ${first.commit.slice(0, 12)})` : results.model;
  const sides = { what: 'model' as const, published, ours };
  if (used.length > 0 && namesRepos(table, run))
    return { ...sides, verdict: used.some((source) => isNamed(source, table, run)) ? 'same' : 'different' };
  const weights = weightsOf(table, run);
  const parameters = results.shape?.parameters;
  if (weights !== null && parameters !== undefined && Math.abs(parameters / weights - 1) > counting)
    return {
      ...sides,
      published: `${published ?? table.id}, ${weights} weights`,
      ours: `${ours}, ${parameters} weights`,
      verdict: 'different',
    };
  if (hasOtherShape(shapeOf(table, run), results)) return { ...sides, ours: `${ours}, of another shape`, verdict: 'different' };
  if (published === null) return { ...sides, verdict: 'not stated' };
  if (namesOf(published, table, run).includes(plain(results.model))) return { ...sides, verdict: 'same' };
  return { ...sides, verdict: isOwnRun(table, run, results) ? 'not stated' : 'different' };
}

/** Whether a run's pipeline is the one that qpipe writes for the table: whoever gives it other weights has said so with `--model`. */
export function isOwnRun(table: PublishedTable, run: PublishedRun, { pipeline }: Results): boolean {
  return pipeline === pipelineName(table, run);
}

/** What two ways of counting differ by: tensors that are no weights, an output that is stored twice. */
const counting = 0.01;

type Source = NonNullable<Results['sources']>[number];

/** Of a table of several models only the one of the rows. */
function reposOf({ model, runs }: PublishedTable, { pipeline, files }: PublishedRun): { repo: string; revision: string | undefined }[] {
  const own = typeof pipeline['model'] === 'string' ? [pipeline['model']] : [];
  const named = [
    ...own,
    ...Object.values(files).map((file) => file.split(':')[0] ?? ''),
    ...(runs.some(({ rows }) => rows) ? [] : model.hub),
  ];
  return named.filter(isRepo).map((name) => {
    const [repo = '', revision] = name.split('@');
    return { repo, revision };
  });
}

function namesRepos(table: PublishedTable, run: PublishedRun): boolean {
  return reposOf(table, run).length > 0;
}

function isNamed({ repo, commit, revision }: Source, table: PublishedTable, run: PublishedRun): boolean {
  return reposOf(table, run).some(
    (named) => named.repo === repo && (named.revision === undefined || named.revision === revision || commit.startsWith(named.revision)),
  );
}

function isRepo(name: string): boolean {
  return /^[^./~][^/]*\/[^/]+$/.test(name);
}

function weightsOf({ model: { weights } }: PublishedTable, { rows }: PublishedRun): number | null {
  if (typeof weights !== 'object') return weights ?? null;
  return rows === undefined ? null : (weights[rows] ?? null);
}

function shapeOf({ sizes }: PublishedTable, { rows }: PublishedRun): ModelShape | null {
  const shape = sizes?.shape ?? (rows === undefined ? undefined : sizes?.shapes?.[rows]);
  return typeof shape === 'string' ? (knownShapes[shape] ?? null) : (shape ?? null);
}

function hasOtherShape(published: ModelShape | null, { shape: ours }: Results): boolean {
  if (!published || !ours) return false;
  const { layers, width, feedForward } = published;
  return layers !== ours.layers || width !== ours.embedding || feedForward !== ours.feedForward;
}

/** What a folder with the model may be called. */
function namesOf(published: string, table: PublishedTable, run: PublishedRun): string[] {
  const repos = reposOf(table, run).map(({ repo }) => repo.split('/').at(-1) ?? repo);
  return [published, published.replace(/\s*\(.*\)$/, ''), ...repos].map(plain);
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, '');
}
