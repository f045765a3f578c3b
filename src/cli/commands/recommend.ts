import { hereDevice } from '../../devices/here.ts';
import { UserError } from '../../errors.ts';
import { harmlessAll } from '../../harmless.ts';
import { formatDiagnostics } from '../../pipeline/diagnostic.ts';
import { loadPipeline } from '../../pipeline/load.ts';
import type { Pipeline } from '../../pipeline/pipeline.ts';
import type { Choice } from '../../recommend/candidate.ts';
import { choiceOf } from '../../recommend/from-results.ts';
import { needOf, needProblem, usualWish, type Wish } from '../../recommend/need.ts';
import { recommend as choose } from '../../recommend/recommend.ts';
import { recommendationInFull } from '../../report/recommendations.ts';
import { readResults } from '../../results/read.ts';
import type { Recommendation, Results } from '../../results/schema.ts';
import { wrapped } from '../../text-wrap.ts';
import { outFolder } from '../prepare.ts';
import { devicesNamed, parametersNamed, type WishFlags, wished } from '../recommend-wishes.ts';
import { terminalWidth } from '../terminal-width.ts';

export interface RecommendFlags extends WishFlags {
  run: string | undefined;
  params: string | undefined;
  json: boolean;
  out: string | undefined;
}

/** Chooses a file per device, from saved results or from what is known of a model's size. Exit code 1 where nothing fits a device. */
export async function recommend(flags: RecommendFlags): Promise<number> {
  const answers = flags.params === undefined ? fromResults(flags) : await withoutMeasurements(flags, flags.params);
  const next =
    flags.params === undefined
      ? []
      : ['To know instead of guessing: qpipe init OWNER/MODEL && qpipe run MODEL.yaml, then qpipe recommend.', ''];
  process.stdout.write(
    flags.json
      ? `${JSON.stringify(answers, null, 2)}\n`
      : [...answers.flatMap((answer) => [...recommendationInFull(answer), '']), ...next].flatMap(inLines).join('\n'),
  );
  return answers.some(({ pick }) => pick === null) ? 1 : 0;
}

/** What goes on stands two deeper than the line it belongs to. */
function inLines(line: string): string[] {
  const { width = Number.POSITIVE_INFINITY } = terminalWidth();
  return wrapped(line, width, `${/^ */.exec(line)?.[0]}  `);
}

/** The published tables are read only where they are needed. */
async function withoutMeasurements(flags: WishFlags & { run: string | undefined }, params: string): Promise<Recommendation[]> {
  if (flags.run !== undefined)
    throw new UserError(`--params is for a model that was not measured, and ${flags.run} was: leave one of them out`);
  const devices = devicesNamed(flags);
  if (devices.length === 0) throw new UserError('for which device? add --memory 8GiB, with --gpu for a graphics card, or --device NAME');
  const { typicalChoice } = await import('../../recommend/typical-choice.ts');
  const choice = typicalChoice(parametersNamed(params));
  return devices.map((device) => {
    if (!device) throw new UserError('--device here is for results that were measured here: with --params add --memory 8GiB');
    return choose(choice, device, needOf(wished(usualWish, flags), choice.shape.trainedContext));
  });
}

function fromResults(flags: RecommendFlags): Recommendation[] {
  const pipeline = pipelineNamed(flags.run);
  const results = harmlessAll(readResults(outFolder(flags.out), pipeline?.name ?? flags.run));
  const choice = choiceOf(results);
  if (!choice)
    throw new UserError(`the results of ${results.pipeline} do not say the model's shape: run the pipeline again, with --force convert`);
  return entriesFor(flags, pipeline).map(({ device, wish }) => answer(choice, results, device, wished(wish, flags)));
}

/** A file in YAML; null for what names a run. */
function pipelineNamed(run: string | undefined): Pipeline | null {
  if (run === undefined || !/\.ya?ml$/.test(run)) return null;
  const loaded = loadPipeline(run);
  if (loaded.ok) return loaded.pipeline;
  throw new UserError(formatDiagnostics(loaded.diagnostics));
}

function entriesFor(flags: WishFlags, pipeline: Pipeline | null): Pick<Pipeline['recommend'][number], 'device' | 'wish'>[] {
  const devices = devicesNamed(flags);
  if (devices.length > 0) return devices.map((device) => ({ device, wish: usualWish }));
  return pipeline && pipeline.recommend.length > 0 ? pipeline.recommend : [{ device: null, wish: usualWish }];
}

function answer(choice: Choice, { conditions }: Results, device: Pipeline['recommend'][number]['device'], wish: Wish): Recommendation {
  const { trainedContext } = choice.shape;
  const problem = needProblem(wish, trainedContext);
  if (problem) throw new UserError(`${problem.message}: ${problem.fix}`);
  return choose(choice, device ?? hereDevice(conditions.machine), needOf(wish, trainedContext));
}
