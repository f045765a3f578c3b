import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UserError } from '../../errors.ts';
import { allForPage, allMeasured, choose, type Wished } from '../../history/choose.ts';
import { pastResults } from '../../history/past-results.ts';
import { type Chosen, historyOf } from '../../history/trend.ts';
import { loadPipeline } from '../../pipeline/load.ts';
import { csvHistory } from '../../report/history/csv.ts';
import { htmlHistory } from '../../report/history/page.ts';
import { textHistory } from '../../report/history/text.ts';
import type { Results } from '../../results/schema.ts';
import { Store } from '../../store/store.ts';
import { formatOfName } from '../format-of-name.ts';
import { openFile } from '../open-file.ts';
import { outFolder } from '../prepare.ts';
import { terminalWidth } from '../terminal-width.ts';
import { writeOutput } from '../write-output.ts';

const formats = ['text', 'html', 'csv', 'json'] as const;

export interface HistoryArguments extends Wished {
  pipeline: string;
  last: number | undefined;
  csv: boolean;
  json: boolean;
  format: (typeof formats)[number] | undefined;
  output: string | undefined;
  open: boolean;
  out: string | undefined;
}

/** How the numbers of a pipeline went over its runs. */
export async function history(args: HistoryArguments): Promise<number> {
  const format = formatOf(args);
  const out = outFolder(args.out);
  const name = nameOf(args.pipeline);
  const past = pastResults(Store.open(join(out, 'store'), { readOnly: true }), name);
  if (past.length === 0) throw new UserError(`${out} has no whole run of ${name}: run it first, or name the folder with --out`);
  const shown = historyOf(past, chosen(past, args, format), lastOf(args, format));
  const text = {
    text: () => textHistory(shown, terminalWidth().width),
    csv: () => csvHistory(shown),
    json: () => inJson(shown),
    html: () => htmlHistory(shown),
  }[format]();
  const file = args.output ?? (args.open ? join(out, name, 'history.html') : null);
  if (file === null) return print(text, format);
  writeOutput(file, text);
  process.stdout.write(`${file}\n`);
  if (args.open) await openFile(resolve(file));
  return 0;
}

/** A page, and what programs read, has everything unless something is named. */
function chosen(past: Results[], wished: Wished, format: string): Chosen[] {
  const named = wished.metric !== undefined || wished.quant !== undefined || wished.text !== undefined;
  if (format === 'text' || named) return choose(past, wished);
  return format === 'html' ? allForPage(past) : allMeasured(past);
}

function formatOf({ csv, json, format, open, output }: HistoryArguments): NonNullable<HistoryArguments['format']> {
  const asked = [...(csv ? ['csv' as const] : []), ...(json ? ['json' as const] : []), ...(format ? [format] : [])];
  const [first, second] = [...new Set(asked)];
  if (second !== undefined) throw new UserError(`${first} and ${second} are two formats: name one`);
  if (open && first !== undefined && first !== 'html')
    throw new UserError(`--open opens a page: leave ${first} out, or write it with --output`);
  return first ?? (open ? 'html' : (formatOfName(output, formats) ?? 'text'));
}

/** As many nights as a terminal of 80 columns has room for with lines between them, and as many as a page can be mailed with. */
const usualNights: Record<string, number> = { text: 30, html: 90 };

function lastOf({ last }: HistoryArguments, format: string): number | undefined {
  if (last !== undefined && !(Number.isInteger(last) && last > 0)) throw new UserError('--last takes a whole number of at least 1');
  return last ?? usualNights[format];
}

/** Of a file the name that its runs have, also where the file has mistakes by now. */
function nameOf(written: string): string {
  if (!/\.ya?ml$/.test(written)) return written;
  if (!existsSync(written)) throw new UserError(`${written} does not exist: name a pipeline file, or a pipeline`);
  const loaded = loadPipeline(resolve(written));
  const name = loaded.ok ? loaded.pipeline.name : loaded.pipeline?.name;
  if (name === undefined)
    throw new UserError(`${written} has mistakes that hide its name: name the pipeline as its folder in out/ is called`);
  return name;
}

function inJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function print(text: string, format: string): number {
  if (format === 'html' && process.stdout.isTTY) throw new UserError('a page is not for a terminal: add --open, --output FILE, or > FILE');
  process.stdout.write(text);
  return 0;
}
