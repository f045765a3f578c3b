import { join } from 'node:path';
import { Failure, UserError } from '../errors.ts';
import { readGguf } from '../gguf/header.ts';
import { splitSiblings } from '../gguf/split.ts';
import { isOnHub, type Pipeline } from '../pipeline/pipeline.ts';
import type { PlanProblem } from '../plan/problems.ts';
import { readModelFolder } from './model-files.ts';
import { readWeights } from './read-weights.ts';

/** Looks at what the pipeline names before anything long is begun: headers only. What is on the Hub has to be located first. */
export function sourceProblems({ model, compare }: Pipeline): PlanProblem[] {
  return [
    ...problemOf(model.kind === 'folder' ? '/model/path' : '/model/gguf', () => {
      if (isOnHub(model)) return;
      if (model.kind === 'folder') for (const name of readModelFolder(model.path, model.trust).weights) readWeights(join(model.path, name));
      else splitSiblings(model.path).forEach(readGguf);
    }),
    ...compare.flatMap((entry) => (isOnHub(entry) ? [] : problemOf(entry.at, () => splitSiblings(entry.path).forEach(readGguf)))),
  ];
}

function problemOf(at: string, look: () => void): PlanProblem[] {
  try {
    look();
    return [];
  } catch (thrown) {
    if (thrown instanceof Failure || thrown instanceof UserError) return [{ at, message: thrown.message }];
    throw thrown;
  }
}
