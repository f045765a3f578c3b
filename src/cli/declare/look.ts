import type { Argv } from 'yargs';
import { deciding, outOption } from '../flags.ts';
import { formatNames } from '../format-names.ts';
import type { Exit } from './exit.ts';

/** Commands that show something and change nothing. */
export function lookingCommands(y: Argv, exit: Exit): Argv {
  return y
    .command(
      'plan <file>',
      'Look: show what run would do and why, with sizes; writes nothing',
      (o) =>
        aboutPipeline(o)
          .option('only', { type: 'string', array: true, nargs: 1, describe: 'only these quants' })
          .option('force', { type: 'string', array: true, nargs: 1, describe: 'as if run were told to make these tasks again' })
          .option('json', { type: 'boolean', default: false, describe: 'the plan as JSON' }),
      (args) => exit(import('../commands/plan.ts').then(({ plan }) => plan(args))),
    )
    .command(
      'explain <file> [task]',
      'Look: say what differs from the last run, up the chain of inputs',
      (o) =>
        aboutPipeline(o)
          .positional('task', { type: 'string', describe: 'a task as plan lists it, a kind or a row (default: what has to run)' })
          .option('json', { type: 'boolean', default: false, describe: 'the explanation as JSON' }),
      (args) => exit(import('../commands/explain.ts').then(({ explain }) => explain(args))),
    )
    .command(
      'report [runs..]',
      'Look: show saved results again; two runs in one page',
      (o) =>
        o
          .positional('runs', {
            type: 'string',
            array: true,
            default: [],
            describe: 'a pipeline name, a run id, or a results.json (default: the newest run); two of them are shown side by side',
          })
          .option('format', {
            choices: formatNames,
            describe: 'how to show them (default: by the name of --output, else text; html with --open and for two runs)',
          })
          .option('output', { type: 'string', requiresArg: true, describe: 'write it to this file instead of printing it' })
          .option('open', { type: 'boolean', default: false, describe: 'write the page and open it in the browser' })
          .option('out', outOption),
      (args) => exit(import('../commands/report.ts').then(({ report }) => report(args))),
    )
    .command(
      'compare <run> <with> [and]',
      'Look: compare two runs, or two rows: better, worse or tied, and what cannot be compared',
      (o) =>
        o
          .positional('run', {
            type: 'string',
            demandOption: true,
            describe: 'a pipeline name, a run id or a results.json; a row of it as RUN:Q4_K_M',
          })
          .positional('with', {
            type: 'string',
            demandOption: true,
            describe: 'another one; or a row of the first, with a second row after it',
          })
          .positional('and', { type: 'string', describe: 'a second row of the first' })
          .option('format', { choices: ['text', 'md', 'json'] as const, default: 'text' as const, describe: 'how to show it' })
          .option('json', { type: 'boolean', default: false, describe: 'the comparison as JSON' })
          .option('out', outOption),
      (args) => exit(import('../commands/compare.ts').then(({ compare }) => compare(args))),
    )
    .command(
      'history <pipeline>',
      'Look: draw how a metric went over the runs of a pipeline, with what changed',
      (o) =>
        o
          .positional('pipeline', { type: 'string', demandOption: true, describe: 'a pipeline file, or the name of a pipeline' })
          .option('metric', {
            type: 'string',
            requiresArg: true,
            describe: 'by its name in report.csv, or loss, size, pp, tg (default: what the gates look at, else loss and kld)',
          })
          .option('quant', { type: 'string', requiresArg: true, describe: 'a row (default: the smallest quant)' })
          .option('text', { type: 'string', requiresArg: true, describe: 'a further evaluation text by its name (default: the first one)' })
          .option('last', { type: 'number', requiresArg: true, describe: 'only so many of the newest runs' })
          .option('format', {
            choices: ['text', 'html', 'csv', 'json'] as const,
            describe: 'how to show it (default: by the name of --output, else text; html with --open)',
          })
          .option('csv', { type: 'boolean', default: false, describe: 'a line for each value; of all metrics unless one is named' })
          .option('json', { type: 'boolean', default: false, describe: 'the same as JSON' })
          .option('output', { type: 'string', requiresArg: true, describe: 'write it to this file instead of printing it' })
          .option('open', { type: 'boolean', default: false, describe: 'write the page with all metrics and open it in the browser' })
          .option('out', outOption),
      (args) => exit(import('../commands/history.ts').then(({ history }) => history(args))),
    )
    .command(
      'samples [run]',
      'Look: show how the base and every quant answered the same prompts',
      (o) =>
        o
          .positional('run', { type: 'string', describe: 'a pipeline name, a run id, or a results.json (default: the newest run)' })
          .option('out', outOption),
      (args) => exit(import('../commands/samples.ts').then(({ samples }) => samples(args))),
    )
    .command(
      'log [run] [task]',
      'Look: show what became of a run, and what the tools of a task printed',
      (o) =>
        o
          .positional('run', {
            type: 'string',
            describe: 'a run id, or a pipeline for its newest run (default: the newest run); or a task of that',
          })
          .positional('task', { type: 'string', describe: 'a task, such as quantize:Q4_K_M (default: a table of all)' })
          .option('json', { type: 'boolean', default: false, describe: 'the same as JSON' })
          .option('out', outOption),
      (args) => exit(import('../commands/log.ts').then(({ log }) => log(args))),
    )
    .command(
      'schema [of]',
      'Look: print the JSON schema of pipelines, results.json, manifest.json or notifications',
      (o) =>
        o.positional('of', {
          choices: ['pipeline', 'results', 'manifest', 'notification'] as const,
          default: 'pipeline' as const,
          describe: 'which one',
        }),
      (args) => exit(import('../commands/schema.ts').then(({ schema }) => schema(args))),
    );
}

/** The flags that decide what a pipeline's tasks are: the same as for run. */
function aboutPipeline(y: Argv) {
  return deciding(y).positional('file', { type: 'string', demandOption: true, describe: 'pipeline file (YAML)' });
}
