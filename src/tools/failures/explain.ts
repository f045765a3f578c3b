import { withoutPrefix } from '../tool.ts';

/** What a tool prints, and what it means: plain words, with what to do where there is something to do. */
export type Pattern = [RegExp, string | ((...groups: string[]) => string)];

/** The reason that a tool gives in its output, in plain words; undefined when it gives none that is known. The first match wins. */
export function explain(patterns: Pattern[], ...output: string[]): string | undefined {
  const text = withoutPrefix(output.join('\n').replaceAll('\r\n', '\n'));
  for (const [expression, words] of patterns) {
    const match = expression.exec(text);
    if (match) return typeof words === 'string' ? words : words(...match.slice(1).map((group) => group ?? ''));
  }
  return undefined;
}
