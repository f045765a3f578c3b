import type { Answer, Candidate } from './candidate.ts';
import type { Declared } from './declared.ts';
import { type Line, readLine, wordsOf } from './line.ts';
import { valuesOf } from './values.ts';

/** @param text a command line up to the cursor, beginning with the program */
export async function candidatesFor(text: string, commands: Declared): Promise<Answer> {
  const line = readLine(wordsOf(text).slice(1), commands);
  const { scope, placed, flag, current } = line;
  const last = scope.places.at(-1);
  const argument = flag ?? (current.startsWith('-') ? null : (scope.places[placed.length] ?? (last?.many ? last : null)));
  if (argument) return await valuesOf(argument, line);
  if (current.startsWith('-') || scope.commands.length === 0) return { words: flagsOf(line), files: null };
  return { words: placed.length > 0 ? [] : commandsOf(line), files: null };
}

function commandsOf({ scope }: Line): Candidate[] {
  return scope.commands.map(({ name, describe }) => ({ word: name, description: describe }));
}

function flagsOf({ scope, given }: Line): Candidate[] {
  const free = scope.flags.filter(({ name, many }) => many || !given.has(name));
  return [
    ...free.map(({ name, describe, negated }) => ({ word: negated ? `--no-${name}` : `--${name}`, description: describe })),
    { word: '--help', description: 'show help' },
    ...(scope.commands.length > 0 ? [{ word: '--version', description: 'show the version' }] : []),
  ];
}
