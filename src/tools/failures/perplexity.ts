import { commonFailures, givenUp } from './common.ts';
import type { Pattern } from './explain.ts';

/** Sentences after which llama-perplexity exits with 0 all the same. */
export const failuresWithoutCode: Pattern[] = [
  [
    /you need at least (\d+) tokens.*?tokenizes to only (\d+)/s,
    (need = '', has = '') => `the evaluation text has only ${has} tokens; it needs ${need} at least`,
  ],
  [
    /inconsistent vocabulary \((\d+) vs (\d+)\)/,
    (base = '', own = '') => `its vocabulary (${own}) is not the base model's (${base}): it is another model`,
  ],
  [/has been computed with (\d+), while the current context is (\d+)/, (base = '') => `the base was recorded with a context of ${base}`],
  [/failed reading log-probs for chunk (\d+)/, (chunk = '') => `the base's recording ends in chunk ${Number(chunk) + 1}`],
  [/failed reading (?:evaluation tokens|n_vocab)/, "the base's recording is cut"],
  [/does not look like a file containing log-probabilities/, "the base's recording is no such file"],
  [/kl_divergence: failed to open (\S+)/, (file = '') => `${file} cannot be opened`],
  [/perplexity: failed to open (\S+) for writing/, (file = '') => `${file} cannot be written`],
  [/failed to allocate .*: failed to decode/s, 'it could not compute a chunk, as memory ran out: free some, or take a smaller model'],
  [/: failed to decode/, 'it could not compute a chunk (failed to decode)'],
  [/Unexpected negative standard deviation/, 'every token had the same probability: the weights or the build are broken'],
];

const ofArguments: Pattern[] = [[/perplexity tool requires '--ctx-size' > 0/, 'it needs a context: say `context` under evaluate']];

export const perplexityFailures: Pattern[] = [...failuresWithoutCode, ...ofArguments, ...commonFailures, ...givenUp];
