import yargs from 'yargs';
import { Failure, InternalError, isSystemError, messageOf, Stopped, UserError } from '../errors.ts';
import { harmless } from '../harmless.ts';
import { version } from '../package-root.ts';
import type { Exit } from './declare/exit.ts';
import { groups } from './declare/groups.ts';
import { keepingCommands } from './declare/keep.ts';

/**
 * Runs a command line to its exit code: 0 done, 1 a task or a gate failed, 2 the user's mistake, 3 a gate cannot be judged, 70 a bug of
 * ours, 130 stopped. Of several pipelines the worst counts: 0, then 3, then 1.
 */
export async function main(argv: string[]): Promise<number> {
  let code = 0;
  // Whoever reads the output may stop reading: `qpipe report | head` is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  // A terminal that was closed takes no last words; the work still has to end in good order.
  process.stderr.on('error', () => {});
  const exit: Exit = async (result) => {
    code = await result;
  };
  const parser = declared(exit)
    .scriptName('qpipe')
    .version(version())
    .usage('$0 <command>\n\nTurns model weights into measured GGUF quantizations with llama.cpp.')
    .strict()
    .demandCommand(1, 'name a command; qpipe --help lists them')
    .recommendCommands()
    .check(refuseRepeated, true)
    .help()
    .exitProcess(false)
    .fail((message, error) => {
      if (/^Not enough non-option arguments/.test(message ?? ''))
        throw new UserError(`${argv[0]}: something is missing; qpipe ${argv[0]} --help shows what it takes`);
      // What yargs throws itself is about the words of the command line.
      if (error && error.name !== 'YError') throw error;
      throw new UserError(`${message ?? error?.message}\n\nqpipe --help lists the commands; qpipe <command> --help their flags`);
    });
  try {
    await parser.parseAsync(withJoinedValues(argv));
    return code;
  } catch (thrown) {
    return explain(thrown);
  }
}

const lists = ['_', 'runs', 'file', 'files', 'from', 'type', 'gguf', 'only', 'force', 'cmake', 'trust', 'table', 'device'];

/** yargs makes a list of a flag that is given twice; only some take lists. */
function refuseRepeated(args: Record<string, unknown>): true {
  const twice = Object.entries(args).find(([name, value]) => Array.isArray(value) && !lists.includes(name));
  if (twice) throw new UserError(`--${twice[0]} is given twice`);
  return true;
}

function declared(exit: Exit) {
  return [...groups, keepingCommands].reduce((parser, declare) => declare(parser, exit), yargs());
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
  if (thrown instanceof Stopped) return thrown.exitCode;
  if (thrown instanceof UserError || thrown instanceof Failure || isSystemError(thrown)) {
    process.stderr.write(`error: ${harmless(thrown.message)}\n`);
    return thrown instanceof UserError ? 2 : 1;
  }
  const trace = thrown instanceof Error ? thrown.stack : messageOf(thrown);
  const kind = thrown instanceof InternalError ? 'internal error' : 'unexpected error';
  process.stderr.write(`${kind}, a bug of qpipe ${version()}; please report it with this text:\n${trace}\n`);
  return 70;
}
