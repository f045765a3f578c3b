import type { Argv } from 'yargs';
import { outOption, watchOptions } from '../flags.ts';
import type { Exit } from './exit.ts';

/** Commands for pipelines that run by themselves. */
export function watchingCommands(y: Argv, exit: Exit): Argv {
  return y
    .command(
      'watch <file...>',
      'Watch: run pipelines whenever their model, adapter, texts or tools have changed',
      (o) =>
        watchOptions(o.positional('file', { type: 'string', array: true, demandOption: true, describe: 'pipeline files (YAML)' }))
          .option('every', { type: 'string', requiresArg: true, default: '15m', describe: 'time between two looks: 90s, 15m, 2h' })
          .option('once', { type: 'boolean', default: false, describe: 'one look, and one run if something changed; for cron' }),
      (args) => exit(import('../commands/watch.ts').then(({ watch }) => watch(args))),
    )
    .command(
      'schedule <file>',
      'Watch: print what makes a machine look at a pipeline every day; installs nothing',
      (o) =>
        o
          .positional('file', { type: 'string', demandOption: true, describe: 'pipeline file (YAML)' })
          .option('cron', { type: 'boolean', default: false, describe: 'a line for a crontab' })
          .option('systemd', { type: 'boolean', default: false, describe: "a service and a timer for the user's systemd" })
          .option('github-actions', { type: 'boolean', default: false, describe: 'a workflow for GitHub Actions' })
          .option('at', { type: 'string', requiresArg: true, default: '02:30', describe: 'time of the day; with --github-actions in UTC' })
          .option('install', {
            type: 'string',
            requiresArg: true,
            describe: 'with --github-actions: the command that installs qpipe there (default: what installed the one that runs now)',
          })
          .option('out', outOption),
      (args) => exit(import('../commands/schedule.ts').then(({ schedule }) => schedule(args))),
    );
}
