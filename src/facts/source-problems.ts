import { join } from 'node:path';
import { Failure, UserError } from '../errors.ts';
import { readGguf } from '../gguf/header.ts';
import { splitSiblings } from '../gguf/split.ts';
import { type Here, isOnHub, type ModelSource, type Pipeline } from '../pipeline/pipeline.ts';
import type { PlanProblem } from '../plan/problems.ts';
import { adapterProblems } from './adapter-problems.ts';
import { chatProblems } from './chat-problems.ts';
import { whyWithout } from './companions.ts';
import { readModelFolder } from './model-files.ts';
import { readWeights } from './read-weights.ts';

/** Looks at what the pipeline names before anything long is begun: headers only. What is on the Hub has to be located first. */
export function sourceProblems(pipeline: Pipeline): PlanProblem[] {
  const { model, compare } = pipeline;
  return [
    ...(isOnHub(model) ? [] : modelProblems(model)),
    ...problemsOf('/model/adapter', () => adapterProblems(pipeline)),
    ...compare.flatMap((entry) => (isOnHub(entry) ? [] : problemsOf(entry.at, () => readShards(entry.path)))),
    ...problemsOf('/model', () => chatProblems(pipeline)),
  ];
}

type ModelHere = Omit<ModelSource<Here>, 'adapter'>;

function modelProblems(model: ModelHere): PlanProblem[] {
  if (model.kind === 'gguf') return problemsOf('/model/gguf', () => readShards(model.path));
  return problemsOf('/model/path', () => missingCompanions(model));
}

function readShards(path: string): PlanProblem[] {
  splitSiblings(path).forEach(readGguf);
  return [];
}

/** Companions that the model has nothing for. Throws for a folder that is none of a model. */
function missingCompanions({ path, trust, companions }: ModelHere): PlanProblem[] {
  const { weights, config } = readModelFolder(path, trust);
  const tensors = weights.flatMap((name) => readWeights(join(path, name)).map((tensor) => tensor.name));
  return companions.flatMap((companion, i) => {
    const why = whyWithout(companion, config, tensors);
    return why === null ? [] : [{ at: `/model/companions/${i}`, message: why, fix: `leave \`${companion}\` out` }];
  });
}

function problemsOf(at: string, look: () => PlanProblem[]): PlanProblem[] {
  try {
    return look();
  } catch (thrown) {
    if (thrown instanceof Failure || thrown instanceof UserError) return [{ at, message: thrown.message }];
    throw thrown;
  }
}
