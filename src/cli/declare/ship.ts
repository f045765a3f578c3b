import type { Argv } from 'yargs';
import { hubOptions, outOption, toolOptions } from '../flags.ts';
import type { Exit } from './exit.ts';

/** Commands about files that leave this machine, or came to it. */
export function shippingCommands(y: Argv, exit: Exit): Argv {
  return y
    .command(
      'verify [files..]',
      'Ship: check that files are whole and are what they say',
      (o) =>
        o
          .positional('files', {
            type: 'string',
            array: true,
            default: [],
            describe: 'GGUF files (of a split one any part), or a manifest.json, which is checked with the builds before it',
          })
          .option('store', { type: 'boolean', default: false, describe: 'read everything in the store and check it against its digests' })
          .option('manifest', manifestOption)
          .option('json', { type: 'boolean', default: false, describe: 'the verdicts as JSON' })
          .option('out', outOption),
      (args) => exit(import('../commands/verify.ts').then(({ verify }) => verify(args))),
    )
    .command(
      'rebuild <gguf>',
      'Ship: make a file again from what it was made from, and compare',
      (o) =>
        hubOptions(toolOptions(o))
          .positional('gguf', { type: 'string', demandOption: true, describe: 'a .gguf file that qpipe made' })
          .option('manifest', manifestOption)
          .option('from', {
            type: 'string',
            array: true,
            nargs: 1,
            describe: 'a folder to look for the files that it was made from (repeat it; default: where the run had them, and here)',
          })
          .option('threads', { type: 'number', requiresArg: true, describe: 'threads over all running tasks (default: the physical cores)' })
          .option('quiet', { type: 'boolean', default: false, describe: 'nothing but errors and the verdict' })
          .option('json', { type: 'boolean', default: false, describe: 'the verdict as JSON' })
          .option('out', outOption),
      (args) => exit(import('../commands/rebuild.ts').then(({ rebuild }) => rebuild(args))),
    );
}

const manifestOption = {
  type: 'string',
  requiresArg: true,
  describe: 'the manifest that the file belongs to (default: the one beside it)',
} as const;
