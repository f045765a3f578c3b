import { commonFailures, givenUp } from './common.ts';
import type { Pattern } from './explain.ts';

const ofAnswers: Pattern[] = [
  [
    /prompt is too long \((\d+) tokens, max (\d+)\)/,
    (has = '', most = '') => `the prompt has ${has} tokens, and its context holds ${most}`,
  ],
  [/failed to (?:eval|decode)/, 'it could not compute a token (failed to decode)'],
  [/input is empty/, 'the prompt is empty'],
];

export const completionFailures: Pattern[] = [...commonFailures, ...ofAnswers, ...givenUp];
