/** Files of questions as llama-perplexity reads them. */

/** Questions with four endings, of which the one with the number of the question modulo 4 is right. */
export function hellaswagFile(count: number): string {
  return numbered(count, (i) => `A sentence with the number ${i} goes\n${i % 4}\nto the house\nto the sea\naway\nround ${i} times\n`);
}

export function winograndeFile(count: number): string {
  return numbered(count, (i) => `${i},"The cat saw the dog, and _ ran home ${i} times.",cat,dog,${1 + (i % 2)}\n`);
}

function numbered(count: number, line: (i: number) => string): string {
  return Array.from({ length: count }, (_, i) => line(i)).join('');
}

interface Question {
  text: string;
  answers: string[];
  right: number[];
}

/** How many questions, the place of each, and the questions. */
export function multipleChoiceFile(questions: Question[]): Buffer {
  const bodies = questions.map(({ text, answers, right }) => {
    const labels = answers.map((_, i) => u32(right.includes(i) ? 1 : 0));
    return Buffer.concat([string(text), u32(answers.length), ...answers.map(string), ...labels, u32(0)]);
  });
  const start = 4 + 4 * bodies.length;
  const places = bodies.map((_, i) => u32(start + bodies.slice(0, i).reduce((total, body) => total + body.length, 0)));
  return Buffer.concat([u32(bodies.length), ...places, ...bodies]);
}

function string(text: string): Buffer {
  return Buffer.concat([u32(Buffer.byteLength(text)), Buffer.from(text)]);
}

function u32(value: number): Buffer {
  return Buffer.from(new Uint32Array([value]).buffer);
}
