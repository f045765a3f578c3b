import { basename } from 'node:path';
import { UserError } from '../../errors.ts';
import type { Answer } from '../completion/candidate.ts';
import { candidatesFor } from '../completion/candidates.ts';
import { commandsIn, type Declare } from '../completion/declared.ts';
import { scripts } from '../completion/scripts.ts';
import { type Shell, shells } from '../completion/shells.ts';
import { groups } from '../declare/groups.ts';

interface CompletionArgs {
  shell: Shell | undefined;
  line: string | undefined;
}

/**
 * Prints the script for a shell or, asked by that script, what may stand at the end of a line.
 * @param keepingCommands handed over by themselves: they name this file
 */
export async function completion({ shell, line }: CompletionArgs, keepingCommands: Declare): Promise<number> {
  const commands = commandsIn([...groups, keepingCommands]);
  process.stdout.write(line === undefined ? scripts[shell ?? shellOfUser()] : asText(await candidatesFor(line, commands)));
  return 0;
}

function shellOfUser(): Shell {
  const name = basename(process.env['SHELL'] ?? '');
  const shell = shells.find((one) => one === name);
  if (!shell)
    throw new UserError(
      `there is no completion for ${name === '' ? 'a shell that is not known ($SHELL is not set)' : name}: name one of ${shells.join(', ')}`,
    );
  return shell;
}

function asText({ words, files }: Answer): string {
  const kind = files === null ? '' : files === 'folders' ? files : ['files', ...files].join(' ');
  return [kind, ...words.map(({ word, description }) => `${word}\t${description}`)].map((text) => `${text}\n`).join('');
}
