import { copyFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { harmless } from '../harmless.ts';
import { environmentOf } from '../spawn.ts';
import type { ResolvedInput } from './inputs.ts';
import type { ToolCall } from './operation.ts';
import { shellLine, shellWord } from './shell.ts';

/** The last call of a task's tool, with everything needed to understand it and to do it again by hand. */
export interface LastCall {
  tool: ToolCall;
  stdout: string;
  stderr: string;
}

export function asRun({ tool }: LastCall): string {
  return shellLine([tool.file, ...tool.args]);
}

/** The end of what a tool printed, of a bar that overwrites its line only what was seen last. */
export function lastLines({ stdout, stderr }: Pick<LastCall, 'stdout' | 'stderr'>): string[] {
  const lines = (stderr.trim() === '' ? stdout : stderr).split(/\r?\n/).map((line) => line.slice(line.trimEnd().lastIndexOf('\r') + 1));
  return lines
    .filter((line) => line.trim() !== '')
    .slice(-8)
    .map(harmless);
}

export const repeatName = 'repeat.sh';

/**
 * Writes a script into a folder that does the call again, in a fresh folder beside it with the same names: the tool cannot tell the
 * two runs apart. It is on the store's disk, as that one was. Inputs are links; other files that the tool was given go along.
 * @param work the folder in which it was run
 */
export function writeRepeat(
  folder: string,
  work: string,
  task: string,
  { tool }: LastCall,
  inputs: ResolvedInput[],
  outputs: string[],
): void {
  const written = readdirSync(work, { withFileTypes: true })
    .filter((entry) => entry.isFile() && tool.args.includes(entry.name) && !outputs.includes(entry.name))
    .map(({ name }) => name);
  for (const name of written) copyFileSync(join(work, name), join(folder, name));
  writeFileSync(join(folder, repeatName), script(task, tool, inputs, written));
}

function script(task: string, tool: ToolCall, inputs: ResolvedInput[], written: string[]): string {
  const environment = Object.entries(environmentOf(tool)).map(([name, value]) => `${name}=${value}`);
  return `#!/bin/sh
# ${task.replaceAll(/\s/g, ' ')}: ${tool.name} once more as it failed, in a fresh folder that goes when it has ended; KEEP=1 leaves it.
# Arguments are added to its own, such as -v.
here=$(cd "$(dirname "$0")" && pwd) && work=$(mktemp -d "$here/again.XXXXXX") && cd "$work" || exit
trap '[ -n "$KEEP" ] || rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
input() {
  [ -e "$1" ] || echo "$1 is gone" >&2
  mkdir -p "$(dirname "$2")" && ln -s "$1" "$2"
}
${[
  ...inputs.map(({ path, name }) => `input ${shellLine([path, name])}`),
  ...written.map((name) => `cp "$here"/${shellWord(name)} .`),
  `env -i ${shellLine([...environment, tool.file, ...tool.args])} "$@"`,
].join('\n')}
`;
}
