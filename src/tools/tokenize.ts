/** Without BOS, and with special tokens read as such: as Python does it when it is asked for a text alone. */
export function tokenizeArgs({ model, file }: { model: string; file: string }): string[] {
  return ['-m', model, '-f', file, '--ids', '--no-bos', '--no-escape', '--log-disable'];
}

/** `[1, 2, 3]` on stdout. Throws RangeError where it is not there. */
export function readIds(stdout: string): number[] {
  const line = stdout.split('\n').findLast((one) => /^\[[\d, ]*\]$/.test(one));
  if (line === undefined) throw new RangeError('it printed no list of tokens');
  return JSON.parse(line) as number[];
}
