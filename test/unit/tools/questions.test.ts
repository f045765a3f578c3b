import { describe, expect, test } from 'vitest';
import { readQuestions } from '../../../src/tools/questions.ts';
import { hellaswagFile, multipleChoiceFile, winograndeFile } from '../../support/questions.ts';

const hellaswag = (text: string) => readQuestions('hellaswag', Buffer.from(text));
const winogrande = (text: string) => readQuestions('winogrande', Buffer.from(text));
const multipleChoice = (bytes: Buffer) => readQuestions('multiple-choice', bytes);
const question = { text: 'Which?', answers: ['a', 'b', 'c', 'd', 'e'], right: [2] };

test('questions are counted, with the most answers that one has', () => {
  expect(hellaswag(hellaswagFile(3))).toEqual({ count: 3, mostAnswers: 4 });
  expect(winogrande(winograndeFile(7))).toEqual({ count: 7, mostAnswers: 2 });
  expect(multipleChoice(multipleChoiceFile([{ ...question, answers: ['a', 'b', 'c'] }, question]))).toEqual({ count: 2, mostAnswers: 5 });
});

test('a last line without an end is a line', () => {
  expect(hellaswag(hellaswagFile(3).trimEnd()).count).toBe(3);
});

describe('what the tool would pass over or die of has its place', () => {
  const wrong = (line: string) => () => winogrande(`${winograndeFile(2)}${line}\n`);

  test.each([
    ['no table', /^line 3: a question is/],
    ['2,"A sentence, without a gap",a,b,1', 'line 3: its sentence has no gap (`_`)'],
    ['2,A _ in it,a,b,3', 'line 3: the answer is 1 or 2, not `3`'],
    ['2,A _ in it,a,b,', 'line 3: the answer is 1 or 2, not ``'],
  ])('winogrande: %s', (line, message) => {
    expect(wrong(line)).toThrow(message);
  });

  test('hellaswag: a line too many, a label that is none', () => {
    expect(() => hellaswag(`${hellaswagFile(1)}more\n`)).toThrow(/there are 7 lines$/);
    expect(() => hellaswag(`${hellaswagFile(1)}${hellaswagFile(1).replace('\n0\n', '\n4\n')}`)).toThrow(/^line 8: .* not `4`$/);
  });

  test('multiple choice: none, none right, two right, an empty one, one without answers', () => {
    const bad = (more: Partial<typeof question>) => () => multipleChoice(multipleChoiceFile([question, { ...question, ...more }]));
    expect(() => multipleChoice(multipleChoiceFile([]))).toThrow('there are no questions in it');
    expect(bad({ right: [] })).toThrow('question 2 has 0 right answers instead of one');
    expect(bad({ right: [0, 1] })).toThrow('question 2 has 2 right answers instead of one');
    expect(bad({ answers: ['a', ''] })).toThrow('question 2 has an empty answer');
    expect(bad({ answers: [] })).toThrow('question 2 has no answers');
    expect(bad({ text: '' })).toThrow('question 2 is empty');
  });

  test('multiple choice: cut anywhere, or no such file', () => {
    const whole = multipleChoiceFile([question, question]);
    for (let length = 0; length < whole.length; length++) expect(() => multipleChoice(whole.subarray(0, length))).toThrow();
    expect(() => multipleChoice(Buffer.from(hellaswagFile(40)))).toThrow(/cut, or no such file$/);
  });
});
