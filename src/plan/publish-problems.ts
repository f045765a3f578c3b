import type { Pipeline } from '../pipeline/pipeline.ts';
import { sharedTags } from '../pipeline/quant-tag.ts';
import type { ResolvedQuant } from '../pipeline/quants.ts';
import { below } from '../pipeline/tree.ts';
import type { PlanProblem } from './problems.ts';

/** Rows that are to be published and are not there, and files that one tag would stand for. */
export function publishProblems({ publish }: Pipeline, model: string, quants: ResolvedQuant[]): PlanProblem[] {
  const names = quants.map(({ name }) => name);
  return publish.flatMap(({ rows, at }) => {
    const known = ['base', ...names].map((name) => name.toLowerCase());
    const unknown = (rows ?? []).flatMap((row, i) =>
      known.includes(row.toLowerCase())
        ? []
        : [{ at: below(below(at, 'files'), i), message: `publish: there is no row ${row}`, fix: ['base', ...names].join(', ') }],
    );
    const published = names.filter((name) => rows === null || rows.some((row) => row.toLowerCase() === name.toLowerCase()));
    const shared = sharedTags(published.map((name) => `${model}-${name}.gguf`)).map(({ tag, names: files }) => ({
      at,
      message: `${files.join(' and ')} both answer to the tag ${tag}: who asks for \`:${tag}\` would get either`,
      fix: 'give one of them another `name:`, such as `Q4_K_L`, or leave it out with `files:`',
    }));
    return [...unknown, ...shared];
  });
}
