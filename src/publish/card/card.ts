import { allRows, plain } from '../../report/markdown-table.ts';
import { conditionsInWords, findings } from '../../report/words.ts';
import type { BuildRow } from '../build.ts';
import type { CardFacts } from './facts.ts';
import { fieldsOf } from './fields.ts';
import { filesPart } from './files-part.ts';
import { cardParts, withFields } from './front-matter.ts';
import { madePart } from './made-part.ts';
import { withRegions } from './regions.ts';
import { usePart } from './use-part.ts';

/**
 * A model card as the Hub reads it, made of results. What people have written into the one that is there stays: fields that are not qpipe's,
 * and all text outside of its marks. Throws UserError for one that cannot be taken apart.
 * @param there rows whose files are in place when this card is read
 */
export function modelCard(facts: CardFacts, there: BuildRow[], existing: string | null): string {
  const { yaml, body } = cardParts(existing ?? '');
  const regions = [
    { name: 'about', text: about(facts) },
    { name: 'files', text: filesPart(facts, there) },
    { name: 'use', text: usePart(facts, there) },
    { name: 'numbers', text: numbers(facts) },
    { name: 'made', text: madePart(facts) },
  ];
  const wanted = regions.filter(({ text }) => text !== '');
  return `---\n${withFields(yaml, fieldsOf(facts)).trimEnd()}\n---\n${withRegions(yaml === null && body === '' ? '\n' : body, wanted)}`;
}

function about({ results, destination, inherited }: CardFacts): string {
  const source = results.sources?.find(({ what, type }) => what === 'model' && type === 'model');
  const of = source ? `[${source.repo}](https://huggingface.co/${source.repo}/tree/${source.commit})` : plain(results.model);
  const { summary } = destination.card;
  return [
    `# ${plain(results.model)} GGUF`,
    '',
    `${of}, quantized with llama.cpp. Every file was measured against the full model; the numbers are below.`,
    ...(summary === null ? [] : ['', summary]),
    ...(inherited.license === undefined ? ['', 'The model says nothing of its licence: ask those who made it before you use it.'] : []),
  ].join('\n');
}

function numbers({ results }: CardFacts): string {
  const sentences = [...findings(results), ...conditionsInWords(results)];
  return ['## All numbers', '', ...allRows(results), '', ...sentences.map((sentence) => `- ${plain(sentence)}`)].join('\n');
}
