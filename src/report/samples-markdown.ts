import { harmless } from '../harmless.ts';
import type { Results } from '../results/schema.ts';
import { answerInWords, differenceMark, groupsOf, hasAnswers, markedText } from './sample-groups.ts';
import { sampleConditions } from './sample-words.ts';

/** The answers in a part that opens on demand; nothing where nothing was asked. */
export function samplesMarkdown(results: Results): string[] {
  const asked = results.prompts?.prompts ?? [];
  if (!results.rows.some(hasAnswers)) return [];
  return [
    '<details>',
    `<summary>Samples: ${asked.length} prompt${asked.length === 1 ? '' : 's'}, answered by the base and every row</summary>`,
    '',
    `${differenceMark} is where an answer leaves the base's. ${sampleConditions(results).join(' ')}`,
    '',
    ...asked.flatMap(({ name, text }) => [
      `### ${plain(name)}`,
      '',
      ...fenced(text),
      ...groupsOf(results, name).flatMap(({ rows, sample }) => [
        `**${plain(rows.join(', '))}** (${answerInWords(sample)})`,
        '',
        ...fenced(markedText(sample).trim() || '(nothing)'),
      ]),
    ]),
    '</details>',
    '',
  ];
}

/** As it is: with a fence that is longer than any inside. */
function fenced(text: string): string[] {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(Math.max(3, longest + 1));
  return [`${fence}text`, harmless(text), fence, ''];
}

function plain(text: string): string {
  return harmless(text)
    .replaceAll(/[\r\n]+/g, ' ')
    .replaceAll(/[\\`*_[\]<>#]/g, '\\$&');
}
