import { readFileSync } from 'node:fs';
import { Failure } from '../errors.ts';
import { readQuestions } from '../tools/questions.ts';
import { shownPath } from './diagnostic.ts';
import { statOf } from './paths.ts';
import { isOnHub, type Pipeline } from './pipeline.ts';
import type { Problem } from './problem.ts';

/** Files of questions that llama-perplexity would stumble over, or read other questions from than are in them. */
export function questionProblems({ choices }: Pipeline): Problem[] {
  return choices.flatMap(({ at, task, file }) => {
    // A part of an archive is read once it is a file of its own; what is no file has its own message.
    if (isOnHub(file) || file.part !== null) return [];
    const stat = statOf(file.path);
    if (!stat?.isFile() || stat.size === 0) return [];
    try {
      readQuestions(task, readFileSync(file.path));
      return [];
    } catch (thrown) {
      if (!(thrown instanceof Failure)) throw thrown;
      return [
        {
          at,
          message: `\`${shownPath(file.path)}\`: ${thrown.message}`,
          fix: `give a file of ${task} questions as llama-perplexity reads them`,
        },
      ];
    }
  });
}
