import { styleText } from 'node:util';
import { harmless } from '../harmless.ts';
import type { ResultRow, Results, Sample } from '../results/schema.ts';
import { padded, tableLines } from '../text-table.ts';
import { wrapped } from '../text-wrap.ts';
import { duration } from './format.ts';
import {
  answerInWords,
  differenceMark,
  groupsOf,
  hasAnswers,
  markedText,
  type SampleGroup,
  sameAnswers,
  tokensInWords,
} from './sample-groups.ts';
import { sampleConditions } from './sample-words.ts';

/** Every answer for a terminal, those of one prompt below each other, each once. @param width columns of the terminal */
export function samplesReport(results: Results, width = Number.POSITIVE_INFINITY): string {
  return [
    `${styleText('bold', results.model)}  (${results.pipeline})`,
    '',
    ...table(results),
    ...(results.rows.some(hasAnswers) ? answers(results, width) : []),
    '',
  ].join('\n');
}

function answers(results: Results, width: number): string[] {
  return [
    ...(results.prompts?.prompts ?? []).flatMap(({ name, text }) => prompt(name, text, groupsOf(results, name), width)),
    '',
    styleText('dim', `${differenceMark} is where an answer leaves the base's.`),
    ...sampleConditions(results).flatMap((sentence) => wrapped(sentence, width).map((line) => styleText('dim', line))),
  ];
}

function table(results: Results): string[] {
  const rows = results.rows.map((row) => [row.name, ...cells(row)]);
  return tableLines(
    [['name', "as the base's", 'differs after', 'tokens', 'time', ''], ...rows],
    ['left', 'right', 'right', 'right', 'right', 'left'],
  );
}

function cells(row: ResultRow): string[] {
  const { samples = [], notMeasured } = row;
  if (!hasAnswers(row)) return ['', '', '', '', `not measured: ${notMeasured.samples ?? 'not run'}`];
  const compared = sameAnswers(row);
  return [
    compared ? `${compared.same} of ${compared.of}` : '',
    compared && compared.first !== null ? tokensInWords(compared.first) : '',
    String(total(samples, ({ tokens }) => tokens)),
    duration(total(samples, ({ seconds }) => seconds)),
    [...new Set(samples.flatMap(({ marks }) => marks))].join(', '),
  ];
}

function total(samples: Sample[], of: (sample: Sample) => number): number {
  return samples.reduce((sum, sample) => sum + of(sample), 0);
}

function prompt(name: string, text: string, groups: SampleGroup[], width: number): string[] {
  return [
    '',
    styleText('bold', harmless(name)),
    ...indented(harmless(text), '  ', width),
    ...groups.flatMap((group) => answer(group, width)),
  ];
}

function answer({ rows, sample }: SampleGroup, width: number): string[] {
  const heading = `${rows.join(', ')} ${styleText('dim', `(${answerInWords(sample)})`)}`;
  const text = harmless(markedText(sample)).trim();
  return ['', ...indented(heading, '  ', Number.POSITIVE_INFINITY), ...indented(text === '' ? '(nothing)' : text, '    ', width)];
}

/** In lines that fit the width, broken between words where that can be. */
function indented(text: string, indent: string, width: number): string[] {
  const room = Math.max(20, width - indent.length);
  return text.split('\n').flatMap((line) => wrapped(line, room).map((part) => `${padded('', indent.length)}${part}`));
}
