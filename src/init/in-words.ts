import { harmless } from '../harmless.ts';
import { decimalSize } from '../report/format.ts';
import { type Looks, makesFiles, type Source, type UnevenRows } from './looks.ts';

/** What was seen, a line for each kind of thing. */
export function looksInWords(looks: Looks): string[] {
  const { source, architecture, weights, type, vocabulary, context, hasChatTemplate, licence, experts, unevenRows, fullBytes } = looks;
  const lines = [
    sourceInWords(source),
    `${architecture}, ${billions(weights)} in ${type}, ${decimalSize(fullBytes)}${makesFiles(looks) ? ' as F16' : ''}`,
    [
      vocabulary > 0 ? `vocabulary ${vocabulary}` : 'vocabulary not told',
      context === null ? 'context not told' : `context ${context}`,
      hasChatTemplate ? 'chat template' : 'no chat template',
      licence === null ? 'no licence told' : `licence ${licence}`,
    ].join(', '),
    ...(experts ? [`experts: ${billions(looks.activeWeights)} at work for each token`] : []),
    ...(looks.quantized === null || !makesFiles(looks) ? [] : [`quantized already: ${looks.quantized}`]),
    ...(unevenRows ? [unevenInWords(unevenRows)] : []),
    ...looks.companions.map((companion) => companionsInWords[companion]),
  ];
  return lines.map(inOneLine);
}

/** Names come from somebody's config and card: none may begin a line of its own. */
function inOneLine(text: string): string {
  return harmless(text.replace(/\s+/g, ' ')).slice(0, 300);
}

export const companionsInWords = {
  mmproj: 'a part that sees: its projector is converted into a file of its own (mmproj)',
  mtp: 'layers that predict further tokens: converted into a file of their own (mtp)',
};

function sourceInWords(source: Source): string {
  if (!('repo' in source)) return source.path;
  const file = source.kind === 'repo-gguf' ? `, ${source.file}` : '';
  return `${source.repo} (${source.revision ?? 'main'}, ${source.commit.slice(0, 12)})${file}`;
}

export function unevenInWords({ share, row }: UnevenRows): string {
  const percent = Math.max(1, Math.round(100 * share));
  return `${percent} % of its weights lie in rows of ${row}, which blocks of 256 do not divide: K and I types fall back to larger ones there, so that files are larger than the names promise`;
}

/** `494 million weights`, `7.62 billion weights`. */
export function billions(weights: number): string {
  if (weights >= 999.5e6) return `${(weights / 1e9).toPrecision(3)} billion weights`;
  return `${weights >= 1e6 ? `${Number((weights / 1e6).toPrecision(3))} million` : weights} weights`;
}
