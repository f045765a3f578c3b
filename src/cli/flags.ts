import type { Argv } from 'yargs';
import type { FailureMode } from '../run/outcome.ts';

export const outOption = {
  type: 'string',
  requiresArg: true,
  describe: 'folder for results and store (default: $QPIPE_OUT, else ./out)',
} as const;

export function toolOptions<T>(y: Argv<T>) {
  return y
    .option('llama-cpp', {
      type: 'string',
      requiresArg: true,
      describe: 'an existing build of llama.cpp: folder with the binaries, build folder or checkout',
    })
    .option('cmake', {
      type: 'string',
      array: true,
      nargs: 1,
      describe: 'CMake flag for the build of llama.cpp, such as -DGGML_CUDA=ON (repeat it)',
    })
    .option('python', { type: 'string', requiresArg: true, describe: 'Python interpreter (3.11 or newer) for the converter' })
    .option('offline', { type: 'boolean', default: false, describe: 'download nothing: refuse what is missing' });
}

/** How the Hub is spoken to. */
export function hubOptions<T>(y: Argv<T>) {
  return y.option('token-file', {
    type: 'string',
    requiresArg: true,
    describe: 'file with a token of the Hugging Face Hub (default: $HF_TOKEN, else where `hf auth login` puts it)',
  });
}

/** What decides which tasks there are and where they are kept. */
export function deciding<T>(y: Argv<T>) {
  return hubOptions(toolOptions(y))
    .option('out', outOption)
    .option('locked', { type: 'boolean', default: false, describe: 'keep to the commits in the lock file beside the pipeline' })
    .option('threads', { type: 'number', requiresArg: true, describe: 'threads over all running tasks (default: the physical cores)' })
    .option('gpu-layers', { type: 'number', requiresArg: true, describe: 'layers for the GPU, with a build that has one' });
}

function sharedOptions<T>(y: Argv<T>) {
  return deciding(y)
    .option('quiet', { type: 'boolean', default: false, describe: 'nothing but errors' })
    .option('json', { type: 'boolean', default: false, describe: 'events as JSON lines on stdout instead of the report' });
}

export function runOptions<T>(y: Argv<T>) {
  return failureOption(sharedOptions(y))
    .option('only', { type: 'string', array: true, nargs: 1, describe: 'only these quants' })
    .option('force', {
      type: 'string',
      array: true,
      nargs: 1,
      describe: 'make these again: a task, a kind (quantize), a row (Q4_K_M), or all',
    })
    .option('new-reference', {
      type: 'boolean',
      default: false,
      describe: 'begin anew: what does not compare with earlier runs passes its gates, and later runs are held against this one',
    });
}

/** Those of `run` that hold for every run of a watch. */
export function watchOptions<T>(y: Argv<T>) {
  return failureOption(sharedOptions(y));
}

function failureOption<T>(y: Argv<T>) {
  return y.option('failures', {
    choices: ['no-new', 'continue', 'kill'] as const,
    default: 'continue' as FailureMode,
    describe: 'when a task fails: start nothing new, go on with the rest, or end the rest',
  });
}

export function impliedOptions<T>(y: Argv<T>) {
  return sharedOptions(y)
    .option('write', { type: 'string', requiresArg: true, describe: 'save the implied pipeline to this file' })
    .option('text', { type: 'string', requiresArg: true, describe: 'evaluation text' })
    .option('bench', { type: 'boolean', default: true, describe: 'measure speed; --no-bench leaves it out' })
    .option('chunks', { type: 'number', requiresArg: true, describe: 'chunks to evaluate' });
}

/** For commands that may convert weights of others. */
export function trustOption<T>(y: Argv<T>) {
  return y.option('trust', {
    choices: ['pickle', 'code'] as const,
    array: true,
    nargs: 1,
    describe: 'also what can run code: pickled weights, Python files',
  });
}
