import type { Argv } from 'yargs';
import { hubOptions, impliedOptions, outOption, runOptions, trustOption } from '../flags.ts';
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
      'init <model>',
      'Make: look at a model and write a pipeline for it and for this machine',
      (o) =>
        trustOption(hubOptions(o))
          .positional('model', {
            type: 'string',
            demandOption: true,
            describe: 'owner/name[@revision], owner/name:Q8_0, a folder in the Hub layout, or a .gguf file',
          })
          .option('write', {
            type: 'string',
            requiresArg: true,
            describe: 'file for the pipeline (default: the name of the model); - prints it',
          })
          .option('stdout', { type: 'boolean', default: false, describe: 'print the pipeline instead of writing a file' })
          .option('force', { type: 'boolean', default: false, describe: 'write over a file that is there' })
          .option('yes', { type: 'boolean', default: false, describe: 'ask nothing: take what the flags do not say as proposed' })
          .option('quants', { type: 'string', requiresArg: true, describe: 'quant types or sets, apart by commas' })
          .option('text', { type: 'string', requiresArg: true, describe: 'evaluation text: a file, a named text, or none' })
          .option('imatrix', { type: 'string', requiresArg: true, describe: 'calibration text: a file, a named text, or none' })
          .option('chunks', { type: 'string', requiresArg: true, describe: 'chunks to evaluate: a number, or all' })
          .option('bench', { type: 'boolean', default: true, describe: 'measure speed; --no-bench leaves it out' })
          .option('keep', { choices: ['all', 'passed', 'none'] as const, describe: 'which files stay when all is measured' })
          .option('out', outOption)
          .option('offline', { type: 'boolean', default: false, describe: 'only look in the cache' }),
      (args) => exit(import('../commands/init.ts').then(({ init }) => init(args))),
    )
    .command(
      'fetch <repo>',
      'Make: only download weights, or one GGUF, from the Hugging Face Hub',
      (o) =>
        trustOption(hubOptions(o))
          .positional('repo', {
            type: 'string',
            demandOption: true,
            describe: 'owner/name[@revision] for weights, owner/name:Q4_K_M for one GGUF',
          })
          .option('to', { type: 'string', requiresArg: true, describe: 'folder for the GGUF (default: it stays in the Hub cache)' })
          .option('offline', { type: 'boolean', default: false, describe: 'only look in the cache' })
          .option('quiet', { type: 'boolean', default: false, describe: 'nothing but errors and the path' })
          .option('json', { type: 'boolean', default: false, describe: 'events as JSON lines on stdout' }),
      (args) => exit(import('../commands/fetch.ts').then(({ fetch }) => fetch(args))),
    )
    .command(
      'quantize <model> <type...>',
      'Make: quantize a model folder or a GGUF without a pipeline file',
      (o) =>
        trustOption(impliedOptions(o))
          .positional('model', {
            type: 'string',
            demandOption: true,
            describe: 'folder in the Hub layout, a .gguf file, or a repo: owner/name',
          })
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
          .positional('gguf', {
            type: 'string',
            array: true,
            demandOption: true,
            describe: 'GGUF files of one model, here or owner/name:Q4_K_M',
          })
          .option('base', { type: 'string', describe: 'the file that the others are measured against (default: the largest)' }),
      (args) => exit(import('../commands/implied.ts').then(({ measure }) => measure(args))),
    );
}
