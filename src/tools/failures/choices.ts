import { commonFailures, givenUp } from './common.ts';
import type { Pattern } from './explain.ts';

/** Sentences after which llama-perplexity exits with 0 all the same. */
const withoutCode: Pattern[] = [
  [
    /task (\d+) does not fit in the context window \(requires (\d+) tokens\)/,
    (_task = '', tokens = '') => `one of the questions has ${tokens} tokens with its answers, more than 2048: take it out of the file`,
  ],
  [/task \d+ requires a higher -np/, 'one of the questions has more answers than there is room for'],
  [/number of lines in prompt not a multiple of 6/, 'the file of questions does not have six lines a question'],
  [/(?:winogrande|multiple_choice)_score: no tasks/, 'there are no questions in the file'],
  [/failed to find comma separators in <([^>]*)>|no _ in <([^>]*)>/, (a = '', b = '') => `it cannot read the question \`${a || b}\``],
  [/failed to parse answer <([^>]*)>/, (answer = '') => `it cannot read the answer \`${answer}\``],
  [/failed to read task (?:positions|\d+)|malformed tasks|bad task with empty|found empty answer/, 'the file of questions is damaged'],
  [/failed to allocate .*: failed to decode|llama_decode\(\) failed/s, 'it could not compute a question: memory may have run out'],
];

const ofArguments: Pattern[] = [
  [
    /terminate called after throwing an instance of 'std::invalid_argument'/,
    'the file of questions has a line that is no number where one must be',
  ],
];

export const choicesFailures: Pattern[] = [...withoutCode, ...ofArguments, ...commonFailures, ...givenUp];
