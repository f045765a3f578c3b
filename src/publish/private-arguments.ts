import { basename } from 'node:path';
import type { Results } from '../results/schema.ts';
import { shellWord } from '../run/shell.ts';

/** Places of arguments, by tool. */
export type ArgumentPlaces = Record<string, number[]>;

const hidden = '...';

/** Whether an argument names a place of this machine: by itself, behind `=` and the like, or joined to a flag of one letter. */
export function namesPath(argument: string): boolean {
  return /(^|[=:,;'"\s]|^-[A-Za-z])~?\//.test(argument);
}

/**
 * Results as others may see them: arguments that name places of this machine, or were filled in from variables, are three dots, also in the
 * commands. The same ones where there are none.
 */
export function withoutPrivateArguments(results: Results, fromVariables: ArgumentPlaces): Results {
  const { args } = results.conditions;
  const isPrivate = (tool: string, argument: string, i: number) => namesPath(argument) || (fromVariables[tool] ?? []).includes(i);
  const own = Object.entries(args).flatMap(([tool, list]) => list.filter((argument, i) => isPrivate(tool, argument, i)));
  if (own.length === 0) return results;
  const shown = Object.entries(args).map(([tool, list]) => [
    tool,
    list.map((argument, i) => (isPrivate(tool, argument, i) ? hidden : argument)),
  ]);
  // A command has a path under its last name alone.
  const words = own.flatMap((argument) => [shellWord(argument), shellWord(basename(argument))]);
  const without = (command: string) => words.reduce((line, word) => line.replaceAll(` ${word} `, ` ${hidden} `), `${command} `).trimEnd();
  return {
    ...results,
    conditions: { ...results.conditions, args: Object.fromEntries(shown) },
    ...(results.work ? { work: results.work.map((one) => ({ ...one, commands: one.commands.map(without) })) } : {}),
  };
}
