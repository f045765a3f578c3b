import type { Argv } from 'yargs';
import { outOption } from '../flags.ts';
import type { Exit } from './exit.ts';

/** What to use on which device. */
export function recommendingCommands(y: Argv, exit: Exit): Argv {
  return y.command(
    'recommend [run]',
    'Look: say which file to use on a device, and why; without measurements from sizes and published quality',
    (o) =>
      o
        .positional('run', {
          type: 'string',
          describe: 'a pipeline name, its file, a run id, or a results.json (default: the newest run)',
        })
        .option('device', {
          type: 'string',
          array: true,
          nargs: 1,
          describe: 'a device by name, or `here` (repeat it; default: what the pipeline names, else here)',
        })
        .option('memory', { type: 'string', requiresArg: true, describe: 'a device by its memory: 8GiB; with --gpu by that of its card' })
        .option('gpu', { type: 'boolean', default: false, describe: '--memory is that of a graphics card' })
        .option('cpu', { type: 'boolean', default: false, describe: '--memory is main memory (the default)' })
        .option('bandwidth', { type: 'string', requiresArg: true, describe: 'of that memory: 51.2GB/s; without it no speed is predicted' })
        .option('context', { type: 'number', requiresArg: true, describe: 'tokens of context (default: 4096, or all the model has)' })
        .option('kv-type', { type: 'string', requiresArg: true, describe: 'type of keys and values (default: f16)' })
        .option('ubatch', { type: 'number', requiresArg: true, describe: 'tokens of a prompt computed at once (default: 512)' })
        .option('min-tg', { type: 'number', requiresArg: true, describe: 'tokens per second at least (default: 5)' })
        .option('max-ttft', { type: 'number', requiresArg: true, describe: 'seconds to the first token of 300 at most (default: 20)' })
        .option('prefer', {
          choices: ['quality', 'balanced', 'speed'] as const,
          describe: 'what decides among what fits (default: balanced)',
        })
        .option('params', {
          type: 'string',
          requiresArg: true,
          describe: 'without measurements: parameters of the model, 7B or 500M',
        })
        .option('json', { type: 'boolean', default: false, describe: 'the recommendations as JSON' })
        .option('out', outOption),
    (args) => exit(import('../commands/recommend.ts').then(({ recommend }) => recommend(args))),
  );
}
