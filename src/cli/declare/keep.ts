import type { Argv } from 'yargs';
import { howToInstall, shells } from '../completion/shells.ts';
import { toolOptions } from '../flags.ts';
import type { Exit } from './exit.ts';

/** Commands that keep qpipe and its tools in order. */
export function keepingCommands(y: Argv, exit: Exit): Argv {
  return y
    .command(
      'setup',
      'Keep: obtain and self-test llama.cpp and the converter',
      (o) =>
        toolOptions(o)
          .option('json', { type: 'boolean', default: false, describe: 'events as JSON lines on stdout' })
          .option('quiet', { type: 'boolean', default: false, describe: 'nothing but errors' }),
      (args) => exit(import('../commands/setup.ts').then(({ setup }) => setup(args))),
    )
    .command(
      'doctor',
      'Keep: say what is missing and the command that mends it',
      (o) => o.option('json', { type: 'boolean', default: false, describe: 'the checks as JSON' }),
      (args) => exit(import('../commands/doctor.ts').then(({ doctor }) => doctor(args))),
    )
    .command(
      'completion [shell]',
      'Keep: print a script that makes a shell complete qpipe',
      (o) =>
        o
          .positional('shell', { choices: shells, describe: 'which one (default: the one in $SHELL)' })
          .option('line', { type: 'string', hidden: true, describe: 'what the script asks about: the line up to the cursor' })
          .epilogue(howToInstall),
      (args) => exit(import('../commands/completion.ts').then(({ completion }) => completion(args, keepingCommands))),
    );
}
