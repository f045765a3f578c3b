import type { Argv } from 'yargs';
import { deciding } from '../flags.ts';
import type { Exit } from './exit.ts';

/** What others measured, measured again. */
export function repeatingCommands(y: Argv, exit: Exit): Argv {
  return y.command(
    'repro [table...]',
    'Make: repeat a published table under its own conditions and compare row by row',
    (o) =>
      deciding(o)
        .positional('table', {
          type: 'string',
          array: true,
          describe: "a published table by its name, or a file with one's own; with --list, words to look for",
        })
        .option('list', { type: 'boolean', default: false, describe: 'name the tables that there are' })
        .option('sizes-only', {
          type: 'boolean',
          default: false,
          describe: 'only what needs no weights: sizes and bits (default: of all tables)',
        })
        .option('model', {
          type: 'string',
          requiresArg: true,
          describe: 'weights of your own instead of those on the Hub: a folder or a .gguf file',
        })
        .option('with', {
          type: 'string',
          requiresArg: true,
          describe: 'compare a finished run instead of running: a pipeline name, a run id, or a results.json',
        })
        .option('rows', { type: 'string', requiresArg: true, describe: 'of a table of several models, only the rows of this one' })
        .option('write', { type: 'string', requiresArg: true, describe: 'save the pipeline to this file' })
        .option('dry-run', { type: 'boolean', default: false, describe: 'show the pipeline and what it would do; run nothing' })
        .option('trust', {
          choices: ['pickle', 'code'] as const,
          array: true,
          nargs: 1,
          describe: 'also what can run code: pickled weights, Python files',
        })
        .option('quiet', { type: 'boolean', default: false, describe: 'nothing but errors and the comparison' })
        .option('format', { choices: ['text', 'md'] as const, default: 'text' as const, describe: 'how to show it' })
        .option('json', { type: 'boolean', default: false, describe: 'the comparison as JSON' }),
    (args) => exit(import('../commands/repro.ts').then(({ repro }) => repro(args))),
  );
}
