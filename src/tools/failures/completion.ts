import { commonFailures, givenUp } from './common.ts';
import type { Pattern } from './explain.ts';

const ofAnswers: Pattern[] = [
  [
    /prompt is too long \((\d+) tokens, max (\d+)\)/,
    (has = '', most = '') => `the prompt has ${has} tokens, and its context holds ${most}`,
  ],
  [/common_prompt_batch_decode: failed to eval|failed to decode/, 'it could not compute a token (failed to decode)'],
  [/unable to create context/, 'the model was loaded, but it could not begin to work, most likely for lack of memory'],
  [/input is empty/, 'the prompt is empty'],
];

export const completionFailures: Pattern[] = [...commonFailures, ...ofAnswers, ...givenUp];
