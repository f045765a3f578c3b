import { commonFailures, givenUp } from './common.ts';
import type { Pattern } from './explain.ts';

/** llama-bench throws away what llama.cpp says of a model, unless it is asked not to. */
const silent = 'llama-bench does not say why, but with -v added to the command below it does';

const ofBench: Pattern[] = [
  [/error: failed to load model '([^']+)'/, (file = '') => `${file} could not be loaded; ${silent}`],
  [
    /error: failed to create context with model '([^']+)'/,
    (file = '') => `${file} was loaded but could not begin to work, most likely for lack of memory; ${silent}`,
  ],
  [/failed to decode (prompt|generation) batch/, (what = '') => `the ${what} could not be computed; ${silent}`],
];

export const benchFailures: Pattern[] = [...commonFailures, ...ofBench, ...givenUp];
