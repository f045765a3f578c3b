import type { Argv } from 'yargs';
import { outOption } from '../flags.ts';
import type { Exit } from './exit.ts';

/** Commands about files that leave this machine, or came to it. */
export function shippingCommands(y: Argv, exit: Exit): Argv {
  return y.command(
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
        .option('manifest', { type: 'string', requiresArg: true, describe: 'the manifest that files belong to (default: the one beside them)' })
        .option('json', { type: 'boolean', default: false, describe: 'the verdicts as JSON' })
        .option('out', outOption),
    (args) => exit(import('../commands/verify.ts').then(({ verify }) => verify(args))),
  );
}
