import type { Argv } from 'yargs';
import type { FailureMode } from '../run/outcome.ts';

export const outOption = { type: 'string', describe: 'folder for results and store (default: $QPIPE_OUT, else ./out)' } as const;

export function toolOptions<T>(y: Argv<T>) {
  return y
    .option('llama-cpp', { type: 'string', describe: 'an existing build of llama.cpp: folder with the binaries, build folder or checkout' })
    .option('cmake', {
      type: 'string',
      array: true,
      nargs: 1,
      describe: 'CMake flag for the build of llama.cpp, such as -DGGML_CUDA=ON (repeat it)',
    })
    .option('python', { type: 'string', describe: 'Python interpreter (3.11 or newer) for the converter' });
}

function sharedOptions<T>(y: Argv<T>) {
  return toolOptions(y)
    .option('out', outOption)
    .option('threads', { type: 'number', describe: 'threads over all running tasks (default: the physical cores)' })
    .option('gpu-layers', { type: 'number', describe: 'layers for the GPU, with a build that has one' })
    .option('quiet', { type: 'boolean', default: false, describe: 'nothing but errors' })
    .option('json', { type: 'boolean', default: false, describe: 'events as JSON lines on stdout instead of the report' });
}

export function runOptions<T>(y: Argv<T>) {
  return sharedOptions(y)
    .option('only', { type: 'string', array: true, nargs: 1, describe: 'only these quants' })
    .option('force', { type: 'string', array: true, nargs: 1, describe: 'run these tasks again although they are made' })
    .option('failures', {
      choices: ['no-new', 'continue', 'kill'] as const,
      default: 'continue' as FailureMode,
      describe: 'when a task fails: start nothing new, go on with the rest, or end the rest',
    });
}

export function impliedOptions<T>(y: Argv<T>) {
  return sharedOptions(y)
    .option('write', { type: 'string', describe: 'save the implied pipeline to this file' })
    .option('text', { type: 'string', describe: 'evaluation text' })
    .option('bench', { type: 'boolean', default: true, describe: 'measure speed; --no-bench leaves it out' })
    .option('chunks', { type: 'number', describe: 'chunks to evaluate' });
}
