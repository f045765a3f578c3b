import { Failure } from '../errors.ts';

/** What llama-perplexity calls its kinds of questions. */
export type ChoiceTask = 'hellaswag' | 'winogrande' | 'multiple-choice';

/** What llama-perplexity would find in a file of questions. */
export interface Questions {
  count: number;
  /** Of the question that has most of them. */
  mostAnswers: number;
}

/**
 * Reads a file of questions as llama-perplexity does. The tool passes over what it cannot read, or dies of it, and exits with 0 all the same:
 * throws Failure with the place (`line 7: ...`) instead.
 */
export function readQuestions(task: ChoiceTask, bytes: Buffer): Questions {
  const questions = task === 'multiple-choice' ? binaryQuestions(bytes) : textQuestions(task, bytes);
  if (questions.count === 0) throw new Failure('there are no questions in it');
  return questions;
}

function textQuestions(task: 'hellaswag' | 'winogrande', bytes: Buffer): Questions {
  const lines = bytes.toString('utf8').split('\n');
  // What follows the last line's end is no line.
  if (lines.at(-1) === '') lines.pop();
  return task === 'hellaswag' ? hellaswag(lines) : winogrande(lines);
}

const linesPerQuestion = 6;

/** A context, the number of its right ending, and four endings. */
function hellaswag(lines: string[]): Questions {
  if (lines.length % linesPerQuestion !== 0)
    throw new Failure(
      `a question has ${linesPerQuestion} lines (context, number of the right ending, four endings), and there are ${lines.length} lines`,
    );
  for (let i = 1; i < lines.length; i += linesPerQuestion)
    if (!/^[0-3]\s*$/.test(lines[i] ?? ''))
      throw new Failure(`line ${i + 1}: the number of the right ending is 0, 1, 2 or 3, not \`${shortened(lines[i] ?? '')}\``);
  return { count: lines.length / linesPerQuestion, mostAnswers: 4 };
}

/** `index,sentence with a _,first word,second word,1 or 2`; commas within quotes count for nothing. */
function winogrande(lines: string[]): Questions {
  for (const [i, line] of lines.entries()) {
    const [first, second, , last] = commas(line);
    if (first === undefined || second === undefined || last === undefined)
      throw new Failure(`line ${i + 1}: a question is \`index,sentence,first word,second word,answer\`, not \`${shortened(line)}\``);
    if (!line.slice(first, second).includes('_')) throw new Failure(`line ${i + 1}: its sentence has no gap (\`_\`)`);
    if (!/^\s*[12](?!\d)/.test(line.slice(last + 1)))
      throw new Failure(`line ${i + 1}: the answer is 1 or 2, not \`${shortened(line.slice(last + 1))}\``);
  }
  return { count: lines.length, mostAnswers: 2 };
}

/** Where the first four commas are. */
function commas(line: string): number[] {
  let isQuoted = false;
  const found: number[] = [];
  for (let i = 0; i < line.length && found.length < 4; i++) {
    if (line[i] === '"') isQuoted = !isQuoted;
    else if (line[i] === ',' && !isQuoted) found.push(i);
  }
  return found;
}

/** Far more than any question has; the tool's own limit. */
const mostAnswers = 100;

/**
 * How many questions, the place of each, and the questions: a text, the answers of which one is right, the answers of which several may be.
 * All numbers have 32 bits.
 */
function binaryQuestions(bytes: Buffer): Questions {
  const reader = new Reader(bytes);
  const count = reader.number('the number of questions');
  if (bytes.length < 4 + 4 * count)
    throw new Failure(`it says that it has ${count} questions, and has only ${bytes.length} bytes: it is cut, or no such file`);
  const places = Array.from({ length: count }, () => reader.number('a place'));
  let most = 0;
  for (const [i, place] of places.entries()) {
    const what = `question ${i + 1}`;
    reader.goTo(place, what);
    if (reader.text(what) === 0) throw new Failure(`${what} is empty`);
    most = Math.max(most, reader.answers(what));
    reader.furtherAnswers(what);
  }
  return { count, mostAnswers: most };
}

class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  goTo(place: number, what: string): void {
    if (place > this.#bytes.length) throw new Failure(`${what} lies beyond the end of the file: it is cut, or no such file`);
    this.#at = place;
  }

  number(what: string): number {
    if (this.#at + 4 > this.#bytes.length) throw new Failure(`it ends within ${what}: it is cut, or no such file`);
    this.#at += 4;
    return this.#bytes.readUInt32LE(this.#at - 4);
  }

  /** @returns its length */
  text(what: string): number {
    const length = this.number(what);
    this.goTo(this.#at + length, what);
    return length;
  }

  /** @returns how many */
  answers(what: string): number {
    const { count, empty, right } = this.furtherAnswers(what);
    if (count === 0 || empty > 0) throw new Failure(`${what} has ${count === 0 ? 'no answers' : 'an empty answer'}`);
    if (right !== 1) throw new Failure(`${what} has ${right} right answers instead of one`);
    return count;
  }

  furtherAnswers(what: string): { count: number; empty: number; right: number } {
    const count = this.number(what);
    if (count > mostAnswers) throw new Failure(`${what} has ${count} answers: it is damaged, or no such file`);
    const lengths = Array.from({ length: count }, () => this.text(what));
    const labels = Array.from({ length: count }, () => this.number(what));
    return { count, empty: lengths.filter((length) => length === 0).length, right: labels.filter((label) => label === 1).length };
  }
}

function shortened(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}...` : text;
}
