import { commonFailures, givenUp } from './common.ts';
import type { Pattern } from './explain.ts';

const ofText: Pattern[] = [
  [
    /you need at least (\d+) tokens .*?tokenizes to only (\d+)/s,
    (need = '', has = '') => `the calibration text has only ${has} tokens; it needs ${need} at least`,
  ],
  [/No prompt provided and no precomputed matrices/, 'the calibration text is empty'],
];

const ofModel: Pattern[] = [
  [
    /non-finite values detected in (\S+)/,
    (tensor = '') => `the model computes infinity or NaN (seen before ${tensor}): its weights or its type are broken`,
  ],
  [
    /inconsistent (?:size|expert count) for (\S+)/,
    (tensor = '') => `the tensor ${tensor} changed its size in the middle: a newer release of llama.cpp may know this model better`,
  ],
];

/** Of an `--in-file` among the user's own arguments; what is said of its bytes before is said of models too. */
const ofEarlierMatrix: Pattern[] = [[/ : failed to load (\S+)/, (file = '') => `${file} is no importance matrix`]];

const otherwise: Pattern[] = [[/ : failed to eval/, 'the model could not compute a chunk']];

export const imatrixFailures: Pattern[] = [...ofText, ...ofModel, ...ofEarlierMatrix, ...commonFailures, ...otherwise, ...givenUp];
