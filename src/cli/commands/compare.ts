import { compare as compareSides } from '../../compare/compare.ts';
import { markdownComparison } from '../../compare/markdown.ts';
import { textComparison } from '../../compare/text.ts';
import { sidesOf } from '../compare-sides.ts';
import { outFolder } from '../prepare.ts';
import { terminalWidth } from '../terminal-width.ts';

export interface CompareOptions {
  run: string;
  with: string;
  and: string | undefined;
  format: 'text' | 'md' | 'json';
  json: boolean;
  out: string | undefined;
}

/** Two runs, or two rows: better, worse or tied. */
export async function compare(args: CompareOptions): Promise<number> {
  const [a, b] = sidesOf(args.run, args.with, args.and, outFolder(args.out));
  const comparison = compareSides(a, b);
  const format = args.json ? 'json' : args.format;
  process.stdout.write(
    format === 'json'
      ? `${JSON.stringify(comparison, null, 2)}\n`
      : format === 'md'
        ? markdownComparison(comparison)
        : textComparison(comparison, terminalWidth().width),
  );
  return 0;
}
