import type { Argv } from 'yargs';
import { impliedOptions, runOptions } from '../flags.ts';
import type { Exit } from './exit.ts';

/** Commands that make files and numbers. Each one's code is loaded when it is called. */
export function makingCommands(y: Argv, exit: Exit): Argv {
  return y
    .command(
      'run <file...>',
      'Make: run a pipeline and report every quant type',
      (o) => runOptions(o.positional('file', { type: 'string', array: true, demandOption: true, describe: 'pipeline files (YAML)' })),
      (args) => exit(import('../commands/run.ts').then(({ run }) => run(args))),
    )
    .command(
      'quantize <model> <type...>',
      'Make: quantize a model folder or a GGUF without a pipeline file',
      (o) =>
        impliedOptions(o)
          .positional('model', { type: 'string', demandOption: true, describe: 'folder in the Hub layout, or a .gguf file' })
          .positional('type', {
            type: 'string',
            array: true,
            demandOption: true,
            describe: 'quant types or sets (k, i, legacy, publish, pi, all)',
          }),
      (args) => exit(import('../commands/implied.ts').then(({ quantize }) => quantize(args))),
    )
    .command(
      'measure <gguf...>',
      'Make: measure GGUF files against each other without a pipeline file',
      (o) =>
        impliedOptions(o)
          .positional('gguf', { type: 'string', array: true, demandOption: true, describe: 'GGUF files of one model' })
          .option('base', { type: 'string', describe: 'the file that the others are measured against (default: the largest)' }),
      (args) => exit(import('../commands/implied.ts').then(({ measure }) => measure(args))),
    );
}
