import type { ResultRow, Results, Sample } from '../../results/schema.ts';
import { type Markup, markup } from '../markup.ts';
import type { Section } from './elements.ts';

/** Characters of all samples together that a page has room for. */
const room = 150_000;
const before = 60;

/** What the rows answered, beside the base's answer, with the place where they part. */
export function samplesSection(results: Results): Section | null {
  const rows = results.rows.filter(({ samples }) => samples && samples.length > 0);
  const { prompts } = results;
  if (rows.length === 0 || !prompts) return null;
  const count = rows.reduce((sum, { samples }) => sum + (samples?.length ?? 0), 0);
  const most = Math.max(200, Math.floor(room / count));
  const body = markup`<p>Every row was asked the same: greedily, with one seed, at most ${prompts.tokens} tokens, ${prompts.template === null ? 'without a template' : `in ${prompts.template}`}. The <mark>first word that differs</mark> from the base's answer is marked. Greedy texts part early even for Q8_0: that is no error by itself. What repeats itself or does not end is flagged.</p>
${prompts.prompts.map((prompt) => promptMarkup(prompt, rows, most))}`;
  return { id: 'samples', title: 'Samples side by side', short: 'Samples', body };
}

function promptMarkup({ name, text }: { name: string; text: string }, rows: ResultRow[], most: number): Markup {
  const answers = rows.flatMap((row) => row.samples?.filter(({ prompt }) => prompt === name).map((sample) => ({ row, sample })) ?? []);
  const base = answers.find(({ row }) => row.kind === 'base');
  const others = answers.filter(({ row }) => row.kind !== 'base');
  const flagged = others.filter(({ sample }) => sample.marks.length > 0).length;
  const same = others.filter(({ sample }) => sample.firstDifference === null).length;
  return markup`<details class="prompt"><summary>${name}: ${same} of ${others.length} answer as the base does${flagged > 0 && `, ${flagged} flagged`}</summary>
<p class="note">Asked:</p><pre dir="auto">${cut(text, most)}</pre>
${base && markup`<h4>base</h4><p class="note">${about(base.sample)}</p><pre dir="auto" tabindex="0">${cut(base.sample.text, most)}</pre>`}
${others.map(
  ({
    row,
    sample,
  }) => markup`<div class="pair" data-row="${row.name}"><div><h4>${row.name}</h4><p class="note">${about(sample)}</p>${flags(sample)}</div><pre dir="auto">${answer(sample, base?.sample, most)}</pre></div>
`,
)}</details>`;
}

/** The end of what is the same, what differs first, and the rest. */
function answer({ text, firstDifference }: Sample, base: Sample | undefined, most: number): Markup {
  if (!base) return markup`${cut(text, most)}`;
  if (!firstDifference) return markup`<span class="same">as the base, to the end</span>`;
  const at = firstDifference.character;
  const same = text.slice(Math.max(0, at - before), at);
  const [word = ''] = /^\s*\S*/.exec(text.slice(at)) ?? [];
  const omitted = at > before && markup`<span class="same">[${at - before} characters as the base] … </span>`;
  return markup`${omitted}<span class="same">${same}</span><mark>${word === '' ? '(ends here)' : word}</mark>${cut(text.slice(at + word.length), most)}`;
}

function about({ tokens, seconds, firstDifference, ended }: Sample): string {
  const differs = firstDifference ? [`differs from token ${firstDifference.token + 1} on`] : [];
  return [...differs, `${tokens} tokens in ${seconds.toFixed(1)} s (n=1)`, ended ? 'ends by itself' : 'cut off'].join(' · ');
}

function flags({ marks, repetition }: Sample): Markup | null {
  return marks.length === 0
    ? null
    : markup`<p class="warn"><b>⚑ ${marks.join(', ')}</b> (${Math.round(repetition * 100)} % of its 4-grams came before)</p>`;
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most)} … [${text.length - most} more characters in results.json]`;
}
