import type { Argv } from 'yargs';
import { hubOptions, impliedOptions, runOptions } from '../flags.ts';
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
      'fetch <repo>',
      'Make: only download weights, or one GGUF, from the Hugging Face Hub',
      (o) =>
        hubOptions(o)
          .positional('repo', {
            type: 'string',
            demandOption: true,
            describe: 'owner/name[@revision] for weights, owner/name:Q4_K_M for one GGUF',
          })
          .option('to', { type: 'string', requiresArg: true, describe: 'folder for the GGUF (default: it stays in the Hub cache)' })
          .option('trust', {
            choices: ['pickle', 'code'] as const,
            array: true,
            nargs: 1,
            describe: 'also what can run code: pickled weights, Python files',
          })
          .option('offline', { type: 'boolean', default: false, describe: 'only look in the cache' })
          .option('quiet', { type: 'boolean', default: false, describe: 'nothing but errors and the path' })
          .option('json', { type: 'boolean', default: false, describe: 'events as JSON lines on stdout' }),
      (args) => exit(import('../commands/fetch.ts').then(({ fetch }) => fetch(args))),
    )
    .command(
      'quantize <model> <type...>',
      'Make: quantize a model folder or a GGUF without a pipeline file',
      (o) =>
        impliedOptions(o)
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
