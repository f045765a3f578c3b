import { decimalSize, kldDecimals, plusMinus } from '../../report/format.ts';
import { plain, tableLine } from '../../report/markdown-table.ts';
import { recommendationLines } from '../../report/recommendations.ts';
import { inWords } from '../../report/words.ts';
import type { BuildRow } from '../build.ts';
import type { CardFacts } from './facts.ts';
import { folded, linkTo } from './markdown.ts';

/** What there is to take, with what speaks for each, and the chart. @param there rows whose files are in place */
export function filesPart({ results, rows, beside }: CardFacts, there: BuildRow[]): string {
  const chart = beside.find((path) => path.endsWith('.svg'));
  const shards = there.filter(({ files }) => files.length > 1);
  const digests = there.flatMap(({ files }) => files.map(({ path, size, sha256 }) => tableLine([path, `${size}`, sha256])));
  return [
    '## Files',
    '',
    tableLine(['file', 'type', 'size', 'bits per weight', 'mean KLD', 'same top p', 'what to know']),
    tableLine([':--', ':--', '--:', '--:', '--:', '--:', ':--']),
    ...there.map((one) => tableLine(cells(one, results))),
    '',
    ...picks(results, there),
    'KLD is the divergence from the full model in nats per token, lower is better; same top p is how often the likeliest next token is the same. ± is half a 95 % interval; empty is not measured.',
    ...(shards.length > 0 ? ['', 'Of a file in parts all parts are needed, in one folder; llama.cpp is given the first one.'] : []),
    ...(there.length < rows.length ? ['', 'More files are on their way: what is not in this table is of an earlier build.'] : []),
    ...(chart ? ['', `![Mean KLD against file size](${chart})`] : []),
    '',
    folded('Sizes in bytes and sha256', [tableLine(['file', 'bytes', 'sha256']), tableLine([':--', '--:', ':--']), ...digests].join('\n')),
  ].join('\n');
}

/** Which of these files to take on which device. */
function picks(results: CardFacts['results'], there: BuildRow[]): string[] {
  const offered = (results.recommendations ?? []).filter(({ pick }) => there.some(({ name }) => name === pick));
  const lines = recommendationLines({ ...results, recommendations: offered }).map((line) => `- ${plain(line)}`);
  return lines.length > 0 ? [...lines, ''] : [];
}

function cells({ row, files }: BuildRow, results: CardFacts['results']): string[] {
  const { quality, file } = row;
  const [first] = files;
  const link = first ? linkTo(first.path, files.length > 1 ? `${first.path} and ${files.length - 1} more` : first.path) : '';
  return [
    link,
    row.type ?? '',
    decimalSize(files.reduce((total, { size }) => total + size, 0)),
    file?.bpw.toFixed(2) ?? '',
    quality ? plusMinus(quality.kld, kldDecimals(quality.kld.value)) : '',
    quality ? `${plusMinus(quality.sameTopP, 2)} %` : '',
    inWords(row, results),
  ];
}
