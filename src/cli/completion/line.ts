import type { Argument, Declared } from './declared.ts';

/** A command line up to the cursor. */
export interface Line {
  /** What may follow. */
  scope: Declared;
  /** The flag whose value is being written, or null. */
  flag: Argument | null;
  /** Words at places of their own, without the one being written. */
  placed: string[];
  /** Values of flags, by name; an empty list for one that stands alone. */
  given: Map<string, string[]>;
  /** What is written so far of the word or value at the cursor. */
  current: string;
}

/** @param words without the name of the program; the last one is being written, and may be empty */
export function readLine(words: string[], declared: Declared): Line {
  const line: Line = { scope: declared, flag: null, placed: [], given: new Map(), current: words.at(-1) ?? '' };
  for (const word of words.slice(0, -1)) take(word, line);
  const [, name, value] = /^--([^=]+)=(.*)$/s.exec(line.current) ?? [];
  const flag = line.flag ?? flagNamed(name, line.scope);
  return flag && !line.flag && value !== undefined ? { ...line, flag, current: value } : line;
}

function take(word: string, line: Line): void {
  const [, name, value] = /^--?([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
  if (line.flag) {
    give(line.flag.name, word, line);
    line.flag = null;
  } else if (name !== undefined) {
    const flag = flagNamed(name, line.scope);
    give(flag?.name ?? name, value, line);
    if (flag && !flag.alone && value === undefined) line.flag = flag;
  } else {
    const command = line.placed.length === 0 ? line.scope.commands.find((one) => one.name === word) : undefined;
    if (command) line.scope = command;
    else line.placed.push(word);
  }
}

function give(name: string, value: string | undefined, { given }: Line): void {
  given.set(name, [...(given.get(name) ?? []), ...(value === undefined ? [] : [value])]);
}

function flagNamed(name: string | undefined, { flags }: Declared): Argument | null {
  return flags.find((flag) => flag.name === name || (flag.negated && `no-${flag.name}` === name)) ?? null;
}

/** The words of a line as a shell would take them, as far as quotes and backslashes go. The last one is at the cursor. */
export function wordsOf(line: string): string[] {
  const pieces = line.trimStart().match(/\\.|'[^']*'?|"(?:\\.|[^"\\])*"?|[^\s\\'"]+|\s+|\\$/gs) ?? [];
  const words = [''];
  for (const piece of pieces) {
    if (/^\s/.test(piece)) words.push('');
    else words.push((words.pop() ?? '') + unquoted(piece));
  }
  return words;
}

function unquoted(piece: string): string {
  if (piece.startsWith("'")) return piece.slice(1).replace(/'$/, '');
  return piece.replace(/^"(.*?)"?$/s, '$1').replace(/\\(.?)/gs, '$1');
}
