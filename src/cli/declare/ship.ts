import type { Argv } from 'yargs';
import { hubOptions, outOption, toolOptions, trustOption } from '../flags.ts';
import type { Exit } from './exit.ts';

/** Commands about files that leave this machine, or came to it. */
export function shippingCommands(y: Argv, exit: Exit): Argv {
  return y
    .command(
      'publish <run>',
      'Ship: bring a finished run to where its pipeline publishes, or go back one build',
      (o) =>
        hubOptions(o)
          .positional('run', {
            type: 'string',
            demandOption: true,
            describe: 'a pipeline name, its file, or a run id; its gates have to have passed',
          })
          .option('dry-run', { type: 'boolean', default: false, describe: 'show every operation and the card; send nothing' })
          .option('rollback', { type: 'boolean', default: false, describe: 'put the build before into place again' })
          .option('offline', { type: 'boolean', default: false, describe: 'ask nothing of the network: folders only' })
          .option('quiet', { type: 'boolean', default: false, describe: 'nothing but errors' })
          .option('json', { type: 'boolean', default: false, describe: 'what was done, or would be, as JSON' })
          .option('out', outOption),
      (args) => exit(import('../commands/publish.ts').then(({ publish }) => publish(args))),
    )
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
        trustOption(hubOptions(toolOptions(o)))
          .positional('gguf', { type: 'string', demandOption: true, describe: 'a .gguf file that qpipe made' })
          .option('manifest', manifestOption)
          .option('from', {
            type: 'string',
            array: true,
            nargs: 1,
            describe: 'a folder to look for the files that it was made from (repeat it; default: where the run had them, and here)',
          })
          .option('threads', threadsOption)
          .option('quiet', { type: 'boolean', default: false, describe: 'nothing but errors and the verdict' })
          .option('json', { type: 'boolean', default: false, describe: 'the verdict as JSON' })
          .option('out', outOption),
      (args) => exit(import('../commands/rebuild.ts').then(({ rebuild }) => rebuild(args))),
    )
    .command(
      'blame <file>',
      'Ship: say which input made the gates of the newest run fail, by swapping one at a time',
      (o) =>
        hubOptions(toolOptions(o))
          .positional('file', { type: 'string', demandOption: true, describe: 'pipeline file (YAML)' })
          .option('run', { type: 'string', requiresArg: true, describe: 'id of the run that failed (default: the newest)' })
          .option('against', {
            type: 'string',
            requiresArg: true,
            describe: 'id of a run to compare with (default: the last good build before it)',
          })
          .option('threads', threadsOption)
          .option('quiet', { type: 'boolean', default: false, describe: 'nothing but errors and the finding' })
          .option('json', { type: 'boolean', default: false, describe: 'the finding as JSON' })
          .option('out', outOption),
      (args) => exit(import('../commands/blame.ts').then(({ blame }) => blame(args))),
    );
}

const manifestOption = {
  type: 'string',
  requiresArg: true,
  describe: 'the manifest that the file belongs to (default: the one beside it)',
} as const;

const threadsOption = {
  type: 'number',
  requiresArg: true,
  describe: 'threads over all running tasks (default: the physical cores)',
} as const;
