import { shownPath } from './diagnostic.ts';
import { statOf } from './paths.ts';
import type { Pipeline, Prompt } from './pipeline.ts';
import type { Problem } from './problem.ts';
import { readPrompts } from './prompts-file.ts';

/** What is wrong with the prompts that every quant shall answer. */
export function sampleProblems({ samples }: Pipeline): Problem[] {
  if (!samples) return [];
  return Array.isArray(samples.prompts) ? namesThatDoNotDiffer(samples.prompts) : fileProblems(samples.prompts.path);
}

function namesThatDoNotDiffer(prompts: Prompt[]): Problem[] {
  return prompts.flatMap(({ name }, i) =>
    prompts.findIndex((other) => other.name === name) < i
      ? [
          {
            at: `/samples/prompts/${i}/name`,
            message: `another prompt is named \`${name}\` already`,
            fix: 'give this one a `name:` of its own',
          },
        ]
      : [],
  );
}

/** Far above what anybody reads answers to. */
const largest = 1_000_000;

function fileProblems(path: string): Problem[] {
  const at = '/samples/file';
  const stat = statOf(path);
  const shown = `\`${shownPath(path)}\``;
  if (!stat) return [{ at, message: `${shown} does not exist`, fix: 'a path starts at the folder of the file it is written in' }];
  if (!stat.isFile()) return [{ at, message: `${shown} is not a file`, fix: 'name a file of prompts' }];
  if (stat.size > largest)
    return [{ at, message: `${shown} is larger than 1 MB: nobody would read the answers`, fix: 'choose some prompts of it' }];
  const read = readPrompts(path);
  return read.ok ? [] : read.mistakes.map((mistake) => ({ at, ...mistake }));
}
