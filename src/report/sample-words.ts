import type { ResultRow, Results } from '../results/schema.ts';
import { hasAnswers, sameAnswers, tokensInWords } from './sample-groups.ts';

/** What a row's answers say of it, in a line. */
export function samplesInWords(row: ResultRow): string[] {
  const said = [...compared(row), ...marked(row)];
  return said.length > 0 ? [`samples: ${said.join(', ')}`] : [];
}

function compared(row: ResultRow): string[] {
  const answers = sameAnswers(row);
  if (!answers) return [];
  const { same, of, first } = answers;
  const until = first === null ? [] : [first === 0 ? 'first difference at once' : `first difference after ${tokensInWords(first)}`];
  return [`${same} of ${of} as the base's`, ...until];
}

function marked({ samples = [] }: ResultRow): string[] {
  const marks = samples.flatMap((sample) => sample.marks);
  return [...new Set(marks)].map((mark) => `${marks.filter((other) => other === mark).length} ${mark}`);
}

/** What answers were given under; nothing where none were. */
export function sampleConditions({ prompts, rows }: Results): string[] {
  if (!prompts || !rows.some(hasAnswers)) return [];
  const { tokens, threads, template, prompts: asked } = prompts;
  const through = template === null ? `as ${asked.length === 1 ? 'it is' : 'they are'}, without a chat template` : `through ${template}`;
  return [
    `Samples: ${asked.length} prompt${asked.length === 1 ? '' : 's'} ${through}, each answered greedily with ${tokensInWords(tokens)} at most, on ${threads} thread${threads === 1 ? '' : 's'}. One near choice parts two answers for good: an early difference is no error.`,
  ];
}
