import type { ResultRow, Results } from '../../results/schema.ts';
import { qualityConditions } from '../conditions-line.ts';
import { decimalSize, kldDecimals, plusMinus } from '../format.ts';
import { worthHaving } from '../front.ts';
import { howMuch } from '../how-much.ts';
import { type Markup, markup } from '../markup.ts';
import { changedTokens } from '../words.ts';
import { copyButton, type Section, withError } from './elements.ts';

/** The files that no other beats at their size: what to offer, and what to choose from. */
export function worthHavingSection(results: Results): Section | null {
  const rows = worthHaving(results);
  if (rows.length === 0) return null;
  const body = markup`<p>No other file is as small and, beyond its error, closer to the base. What is left out here is in <a href="#table">the table</a>, with what beats it. The word for the divergence is a judgement for orientation: the rows of one table compare by their numbers.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Table of the files worth having"><table id="worth" data-conditions="${qualityConditions(results)}"><caption>Smallest first; ± is half a 95 % interval.</caption>
<thead><tr><th scope="col">file</th><th scope="col">download</th><th scope="col">mean KLD, nats</th><th scope="col">same top p</th><th scope="col" class="words">in words</th></tr></thead>
<tbody>${rows.map((row) => line(row, results))}</tbody></table></div>${copyButton('worth', 'Copy table')}`;
  return { id: 'worth-having', title: 'Files worth having', short: 'Worth having', body };
}

function line({ name, file, quality }: ResultRow, { neighbours }: Results): Markup | null {
  if (!file || !quality) return null;
  const { kld, sameTopP } = quality;
  const tied = neighbours.filter(({ verdict, better, worse }) => verdict === 'tied' && (better === name || worse === name));
  const others = tied.map(({ better, worse }) => (better === name ? worse : better));
  const words = [
    changedTokens(sameTopP.value),
    `by KLD ${howMuch(kld.value)}`,
    ...(others.length > 0 ? [`tied with ${others.join(' and ')}`] : []),
  ];
  return markup`<tr data-row="${name}"><th scope="row">${name}</th><td>${decimalSize(file.bytes)}</td><td title="KLD ${plusMinus(kld, kldDecimals(kld.value))}, n=${kld.n} blocks">${withError(kld, kldDecimals(kld.value))}</td><td>${withError(sameTopP, 2, ' %')}</td><td class="words">${words.join('; ')}</td></tr>
`;
}
