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
        .option('format', { choices: ['text', 'md'] as const, default: 'text' as const, describe: 'how to show it' })
        .option('json', { type: 'boolean', default: false, describe: 'the same as JSON' }),
    (args) => exit(import('../commands/repro.ts').then(({ repro }) => repro(args))),
  );
}
