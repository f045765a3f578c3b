import { expect, test } from 'vitest';
import { readPattern } from '../../src/facts/python-pattern.ts';
import { runProgram } from '../support/cli.ts';
import { realTools } from '../support/real-lab.ts';
import { workspace } from '../support/workspace.ts';

const pieces =
  'a b . * + ? ( ) (?: (?= (?! [ ] ^ $ | \\ \\d \\. {2} {,3} { } - {2,1} (?P<n> (?P=n) \\1 \\w q_proj (?i) \\Z (?<=a) [] [^] [a-z] \\y , 3 \\b'.split(
    ' ',
  );
const texts = ['a', 'ab', 'q_proj', 'a.b', 'aab', '', '3', 'A', 'b]'];

/** Of thousands of expressions, whole and broken, Python reads each that is read here, and finds the same by it. */
test('what is read here means the same in Python', async () => {
  using space = workspace();
  const { converter } = await realTools();
  const patterns = Array.from({ length: 8000 }, (_, i) => pattern(i));
  space.write('patterns.json', JSON.stringify({ patterns, texts }));
  space.write('match.py', inPython);
  const { code, stdout, stderr } = await runProgram(converter?.python ?? '', ['-W', 'ignore', 'match.py'], { cwd: space.root });
  expect([code, stderr]).toEqual([0, '']);
  const found: (boolean[] | null)[] = JSON.parse(stdout);
  const readable = patterns.flatMap((one, i) => {
    const read = readPattern(one);
    return read === null ? [] : [{ one, here: texts.map((text) => read.test(text)), there: found[i] }];
  });
  expect(readable.filter(({ here, there }) => JSON.stringify(here) !== JSON.stringify(there))).toEqual([]);
  // Possessive repeats, \a, flags twice: all that is left out of what Python reads.
  const all = found.filter((one) => one !== null).length;
  expect(readable.length).toBeGreaterThan(0.9 * all);
});

const inPython = `
import json, re

given = json.load(open("patterns.json"))

def matches(pattern):
    try:
        compiled = re.compile(pattern)
    except Exception:
        return None
    return [bool(compiled.fullmatch(text)) for text in given["texts"]]

print(json.dumps([matches(pattern) for pattern in given["patterns"]]))
`;

/** One to six pieces, the same for a number each time. */
function pattern(seed: number): string {
  let state = seed + 1;
  const next = (below: number) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % below;
  };
  next(1);
  return Array.from({ length: 1 + next(6) }, () => pieces[next(pieces.length)]).join('');
}
