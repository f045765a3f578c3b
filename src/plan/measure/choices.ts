import type { Row } from '../planned.ts';
import type { TaskBook } from '../task-book.ts';

/** Questions with given answers, one task for each kind. */
export function choices(book: TaskBook, { name, file }: Pick<Row, 'name' | 'file'>): Row['choices'] {
  return book.pipeline.choices.flatMap(({ task, questions }, i) => {
    const data = book.facts.choices[i];
    if (!data) return [];
    const measure = book.add('choices', `${name}@${task}`, {
      params: { ...book.inference('perplexity'), task, questions },
      inputs: { model: file, questions: [{ name: 'questions', source: data }] },
      outputs: [],
      identity: book.kernels(),
      gpu: book.usesGpu(),
    });
    return [{ task, data: data.name, sha256: data.sha256, measure }];
  });
}
