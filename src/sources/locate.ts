import { isOnHub, type LocalPipeline, type Pipeline } from '../pipeline/pipeline.ts';
import type { PlanProblem } from '../plan/problems.ts';

export type Located = { ok: true; pipeline: LocalPipeline } | { ok: false; problems: PlanProblem[] };

/** Finds every file that a pipeline names. */
export async function locateSources(pipeline: Pipeline): Promise<Located> {
  return isLocal(pipeline) ? { ok: true, pipeline } : { ok: false, problems: [{ at: '/model', message: 'not available yet' }] };
}

function isLocal(pipeline: Pipeline): pipeline is LocalPipeline {
  const { model, imatrix, evaluate, compare } = pipeline;
  const texts = [...(imatrix?.kind === 'compute' ? [imatrix.text] : []), ...(evaluate ? [evaluate.text] : [])];
  const files = imatrix?.kind === 'file' ? [imatrix] : [];
  return ![model, ...compare, ...files, ...texts].some(isOnHub) && texts.every(({ part }) => part === null);
}
