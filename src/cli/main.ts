import yargs from 'yargs';
import { Failure, InternalError, isSystemError, messageOf, Stopped, UserError } from '../errors.ts';
import { version } from '../package-root.ts';
import { impliedOptions, outOption, runOptions, toolOptions } from './flags.ts';
import { formatNames } from './format-names.ts';

/** Runs a command line to its exit code: 0 done, 1 failed, 2 the user's mistake, 70 a bug of ours, 130 stopped. */
export async function main(argv: string[]): Promise<number> {
  let code = 0;
  // Whoever reads the output may stop reading: `qpipe report | head` is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  const exit = async (result: Promise<number>) => {
    code = await result;
  };
  const parser = yargs()
    .scriptName('qpipe')
    .version(version())
    .usage('$0 <command>\n\nTurns model weights into measured GGUF quantizations with llama.cpp.')
    .command(
      'run <file...>',
      'Make: run a pipeline and report every quant type',
      (y) => runOptions(y.positional('file', { type: 'string', array: true, demandOption: true, describe: 'pipeline files (YAML)' })),
      (args) => exit(import('./commands/run.ts').then(({ run }) => run(args))),
    )
    .command(
      'quantize <model> <type...>',
      'Make: quantize a model folder or a GGUF without a pipeline file',
      (y) =>
        impliedOptions(y)
          .positional('model', { type: 'string', demandOption: true, describe: 'folder in the Hub layout, or a .gguf file' })
          .positional('type', {
            type: 'string',
            array: true,
            demandOption: true,
            describe: 'quant types or sets (k, i, legacy, publish, pi, all)',
          }),
      (args) => exit(import('./commands/implied.ts').then(({ quantize }) => quantize(args))),
    )
    .command(
      'measure <gguf...>',
      'Make: measure GGUF files against each other without a pipeline file',
      (y) =>
        impliedOptions(y)
          .positional('gguf', { type: 'string', array: true, demandOption: true, describe: 'GGUF files of one model' })
          .option('base', { type: 'string', describe: 'the file that the others are measured against (default: the largest)' }),
      (args) => exit(import('./commands/implied.ts').then(({ measure }) => measure(args))),
    )
    .command(
      'report [run]',
      'Look: show saved results again',
      (y) =>
        y
          .positional('run', { type: 'string', describe: 'a pipeline name, a run id, or a results.json (default: the newest run)' })
          .option('format', { choices: formatNames, default: 'text' as const, describe: 'how to show them' })
          .option('out', outOption),
      (args) => exit(import('./commands/report.ts').then(({ report }) => report(args))),
    )
    .command(
      'setup',
      'Keep: obtain and self-test llama.cpp and the converter',
      (y) =>
        toolOptions(y)
          .option('json', { type: 'boolean', default: false, describe: 'events as JSON lines on stdout' })
          .option('quiet', { type: 'boolean', default: false, describe: 'nothing but errors' }),
      (args) => exit(import('./commands/setup.ts').then(({ setup }) => setup(args))),
    )
    .command(
      'doctor',
      'Keep: say what is missing and the command that mends it',
      (y) => y.option('json', { type: 'boolean', default: false, describe: 'the checks as JSON' }),
      (args) => exit(import('./commands/doctor.ts').then(({ doctor }) => doctor(args))),
    )
    .command(
      'schema [of]',
      'Look: print the JSON schema of pipelines or of results.json',
      (y) => y.positional('of', { choices: ['pipeline', 'results'] as const, default: 'pipeline' as const, describe: 'which one' }),
      (args) => exit(import('./commands/schema.ts').then(({ schema }) => schema(args))),
    )
    .strict()
    .demandCommand(1, 'name a command; qpipe --help lists them')
    .recommendCommands()
    .help()
    .exitProcess(false)
    .fail((message, error) => {
      if (/^Not enough non-option arguments/.test(message ?? ''))
        throw new UserError(`${argv[0]}: something is missing; qpipe ${argv[0]} --help shows what it takes`);
      throw error ?? new UserError(`${message}\n\nqpipe --help lists the commands; qpipe <command> --help their flags`);
    });
  try {
    await parser.parseAsync(withJoinedValues(argv));
    return code;
  } catch (thrown) {
    return explain(thrown);
  }
}

/** `--cmake -DGGML_CUDA=ON` as `--cmake=-DGGML_CUDA=ON`: a value that begins with a dash would be taken for a flag. */
function withJoinedValues(argv: string[]): string[] {
  return argv.flatMap((word, i) => {
    if (argv[i - 1] === '--cmake') return [];
    return word === '--cmake' && argv[i + 1] !== undefined ? [`${word}=${argv[i + 1]}`] : [word];
  });
}

/** The one place where a thrown error becomes words and an exit code. */
function explain(thrown: unknown): number {
  if (thrown instanceof Stopped) return 130;
  if (thrown instanceof UserError || thrown instanceof Failure || isSystemError(thrown)) {
    process.stderr.write(`error: ${thrown.message}\n`);
    return thrown instanceof UserError ? 2 : 1;
  }
  const trace = thrown instanceof Error ? thrown.stack : messageOf(thrown);
  const kind = thrown instanceof InternalError ? 'internal error' : 'unexpected error';
  process.stderr.write(`${kind}, a bug of qpipe ${version()}; please report it with this text:\n${trace}\n`);
  return 70;
}
