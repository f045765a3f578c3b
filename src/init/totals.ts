import { UserError } from '../errors.ts';
import { gatherFacts } from '../facts/gather.ts';
import type { Hub } from '../hub/hub.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { Facts } from '../plan/facts.ts';
import { plan } from '../plan/plan.ts';
import type { PlanProblem } from '../plan/problems.ts';
import { type Preview, type PreviewOptions, preview } from '../preview/preview.ts';
import { locateSources } from '../sources/locate.ts';
import { type Looked, unread } from './look.ts';

export interface TotalsOptions {
  openHub: () => Promise<Hub>;
  tools: Facts['tools'];
  store: PreviewOptions['store'];
  signal: AbortSignal;
}

/**
 * What a first run of the pipeline would make, as `plan` has it; what is made already counts too, because nothing was hashed. The model is not looked
 * at again. Throws UserError with what cannot be planned.
 */
export async function totalsOf(pipeline: Pipeline, looked: Looked, { openHub, tools, store, signal }: TotalsOptions): Promise<Preview> {
  const model = { ...looked.located.pipeline.model, companions: pipeline.model.companions };
  const located = await locateSources({ ...pipeline, model }, { openHub, digests: unread, look: true, signal });
  if (!located.ok) throw inWords(located.problems);
  using rest = located;
  const remote = new Map([...looked.located.remote, ...rest.remote]);
  const facts = await gatherFacts({ pipeline: rest.pipeline, remote, sources: rest.sources }, tools, unread);
  const planned = plan(rest.pipeline, facts);
  if (!planned.ok) throw inWords(planned.problems);
  return await preview(planned.plan, facts, { store, signal });
}

function inWords(problems: PlanProblem[]): UserError {
  return new UserError(problems.map(({ message, fix }) => (fix === undefined ? message : `${message}; ${fix}`)).join('\n'));
}
