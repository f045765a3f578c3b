import { describe, expect, test } from 'vitest';
import { choicesArgs, choicesProgress, failure, readChoices } from '../../../src/tools/choices.ts';
import { beginnings, type Output, recorded, withCrlf, withGluedPrefix } from './recorded.ts';

const count = 12;
const output = (name: string) => recorded('perplexity', `choices-${name}`);
const read = ({ stdout, stderr }: Output, expected = count) => readChoices(stdout, stderr, expected);

describe('arguments', () => {
  const rest = { model: 'm.gguf', questions: 'q', count: 400, threads: 2, gpuLayers: null, extra: [] };

  test('the file is read as binary, as the tool drops the last line of a text', () => {
    expect(
      choicesArgs({ ...rest, task: 'winogrande', mostAnswers: 2 })
        .slice(0, 11)
        .join(' '),
    ).toBe('-m m.gguf -bf q --winogrande --winogrande-tasks 400 -c 512 -np 4');
  });

  test('each answer has a sequence, within the same room', () => {
    expect(choicesArgs({ ...rest, task: 'multiple-choice', mostAnswers: 13 }).join(' ')).toContain(
      '--multiple-choice-tasks 400 -c 158 -np 13 ',
    );
  });
});

describe('single answers follow from the running share', () => {
  const right = (text: string) => [...text].map((one) => one === '1');

  test.each([
    ['hellaswag', '000100000100'],
    ['winogrande', '110011011000'],
    ['multiple-choice', '100001000011'],
  ])('%s', (name, answers) => {
    for (const form of [output(name), withCrlf(output(name)), withGluedPrefix(output(name))])
      expect(read(form)).toEqual({ ok: true, right: right(answers) });
  });

  test("winogrande's own columns say the same", () => {
    const rows = [...output('winogrande').stdout.matchAll(/(\d) {2}(\d)$/gm)];
    expect(read(output('winogrande'))).toEqual({ ok: true, right: rows.map(([, answer, wanted]) => answer === wanted) });
  });
});

describe('is not believed', () => {
  test('with fewer answers than there are questions: the tool may lose its last lines', () => {
    const { stdout, stderr } = output('hellaswag');
    for (const beginning of beginnings(stdout.trimEnd()))
      if (beginning.length < stdout.trimEnd().lastIndexOf('\n'))
        expect(read({ stdout: beginning, stderr })).toMatchObject({ ok: false, reason: 'no-final-block' });
    expect(read(output('hellaswag'), 24)).toMatchObject({ ok: false, message: 'llama-perplexity printed 12 of 24 answers' });
  });

  test('with scores that are no numbers', () => {
    const { stdout, stderr } = output('winogrande');
    expect(read({ stdout: stdout.replaceAll('-6.845066', '-nan'), stderr })).toMatchObject({ ok: false, reason: 'failed' });
  });

  test.each([
    ['hellaswag-lines', 'the file of questions does not have six lines a question'],
    ['hellaswag-long', 'one of the questions has 9018 tokens with its answers, more than 2048: take it out of the file'],
    ['winogrande-broken', 'it cannot read the question `The cat saw the dog, and - number 0 ran home.`'],
    ['winogrande-empty', 'there are no questions in the file'],
    ['multiple-choice-cut', 'the file of questions is damaged'],
    ['multiple-choice-many', 'one of the questions has more answers than there is room for'],
  ])('%s, after which the tool exits with 0', (name, message) => {
    expect(read(output(name))).toEqual({ ok: false, reason: 'failed', message });
  });
});

test('a label that is no number kills the tool', () => {
  const { stdout, stderr } = output('hellaswag-label');
  expect(failure(stdout, stderr)).toBe('the file of questions has a line that is no number where one must be');
});

test('progress', () => {
  const progress = choicesProgress(count);
  const lines = output('multiple-choice').stdout.split('\n');
  expect(lines.flatMap((line) => progress(line)?.done ?? [])).toEqual(Array.from({ length: count }, (_, i) => i + 1));
});
