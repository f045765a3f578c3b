import type { ResultRow, Results, Sample } from '../../results/schema.ts';
import { type Markup, markup } from '../markup.ts';
import type { Section } from './elements.ts';

const before = 60;
/** Bytes that an answer takes beside its text, about. */
const around = 300;
const fewest = 40;

/** What the rows answered, beside the base's answer, with the place where they part. @param room bytes that the page has for it: long answers are cut, and say so */
export function samplesSection(results: Results, room: number): Section | null {
  const rows = results.rows.filter(({ samples }) => samples && samples.length > 0);
  const { prompts } = results;
  if (rows.length === 0 || !prompts) return null;
  const most = charactersFor(
    rows.flatMap(({ samples = [] }) => samples),
    room,
  );
  const body = markup`<p>Every row was asked the same: greedily, with one seed, at most ${prompts.tokens} tokens, ${prompts.template === null ? 'without a template' : `in ${prompts.template}`}, with ${prompts.threads} threads. The <mark>first word that differs</mark> from the base's answer is marked. Greedy texts part early even for Q8_0: that is no error by itself. What repeats itself or does not end is flagged, with the share of its 4-grams that came before. Long answers are cut; results.json has them whole.</p>
${prompts.prompts.map((prompt) => promptMarkup(prompt, rows, most))}`;
  return { id: 'samples', title: 'Samples side by side', short: 'Samples', body };
}

function charactersFor(samples: Sample[], room: number): number {
  const texts = samples.map(({ text }) => text).join('');
  const bytesEach = Buffer.byteLength(texts) / Math.max(1, texts.length);
  return Math.max(fewest, Math.floor((room / samples.length - around) / bytesEach));
}

function promptMarkup({ name, text }: { name: string; text: string }, rows: ResultRow[], most: number): Markup {
  const answers = rows.flatMap((row) => row.samples?.filter(({ prompt }) => prompt === name).map((sample) => ({ row, sample })) ?? []);
  const base = answers.find(({ row }) => row.kind === 'base');
  const others = answers.filter(({ row }) => row.kind !== 'base');
  const flagged = others.filter(({ sample }) => sample.marks.length > 0).length;
  const compared = others.filter(({ sample }) => sample.firstDifference !== undefined);
  const same = compared.filter(({ sample }) => sample.firstDifference === null).length;
  return markup`<details class="prompt"><summary>${name}: ${inShort(compared.length, same, others.length)}${flagged > 0 && `, ${flagged} flagged`}</summary>
<p class="note">Asked:</p><pre>${cut(text, most)}</pre>
${base && markup`<h4>base</h4><p class="note">${about(base.sample)}</p><pre tabindex="0">${cut(base.sample.text, most)}</pre>`}
${others.map(
  ({
    row,
    sample,
  }) => markup`<div class="pair"><div><h4>${row.name}</h4><p class="note">${about(sample)}</p>${flags(sample)}</div><pre>${answer(sample, base?.sample, most)}</pre></div>
`,
)}</details>`;
}

function inShort(compared: number, same: number, answers: number): string {
  return compared > 0 ? `${same} of ${compared} answer as the base does` : `${answers} answers`;
}

/** The end of what is the same, what differs first, and the rest. */
function answer({ text, firstDifference }: Sample, base: Sample | undefined, most: number): Markup {
  if (!base || firstDifference === undefined) return markup`${cut(text, most)}`;
  if (firstDifference === null) return markup`<span class="same">as the base, to the end</span>`;
  const at = firstDifference.character;
  const same = text.slice(Math.max(0, at - before), at);
  const [word = ''] = /^\s{0,9}\S{0,40}/.exec(text.slice(at)) ?? [];
  const omitted = at > before && markup`<span class="same">[${at - before} characters as the base] … </span>`;
  return markup`${omitted}<span class="same">${same}</span><mark>${word === '' ? '(ends here)' : word}</mark>${cut(text.slice(at + word.length), most)}`;
}

function about({ tokens, seconds, firstDifference, ended }: Sample): string {
  const differs = firstDifference ? [`differs from token ${firstDifference.token + 1} on`] : [];
  return [...differs, `${tokens} tokens in ${seconds.toFixed(1)} s (n=1)`, ended ? 'ends by itself' : 'cut off'].join(' · ');
}

function flags({ marks, repetition }: Sample): Markup | null {
  return marks.length === 0 ? null : markup`<p class="warn"><b>⚑ ${marks.join(', ')}</b> (${Math.round(repetition * 100)} % repeated)</p>`;
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most)} … [${text.length - most} more characters]`;
}
