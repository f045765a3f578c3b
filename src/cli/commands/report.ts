import { join, resolve } from 'node:path';
import { UserError } from '../../errors.ts';
import { type Format, report as render } from '../../report/index.ts';
import { readResults } from '../../results/read.ts';
import type { Results } from '../../results/schema.ts';
import { formatNames } from '../format-names.ts';
import { formatOfName } from '../format-of-name.ts';
import { openFile } from '../open-file.ts';
import { outFolder } from '../prepare.ts';
import { terminalWidth } from '../terminal-width.ts';
import { writeOutput } from '../write-output.ts';

export interface ReportOptions {
  /** None for the newest; two for both in one page. */
  runs: string[];
  format: Format | undefined;
  output: string | undefined;
  open: boolean;
  out: string | undefined;
}

/** Renders saved results; the models are not needed. */
export async function report(args: ReportOptions): Promise<number> {
  const format = formatOf(args);
  const out = outFolder(args.out);
  const [results, ...others] = [args.runs[0], ...args.runs.slice(1)].map((run) => readResults(out, run));
  if (!results) throw new UserError('name a run');
  const text = others[0] ? await pageOfTwo(results, others[0], args.runs) : render(results, format, args.output ? {} : terminalWidth());
  const file = args.output ?? (args.open ? join(out, 'reports', `${[results, ...others].map(({ run }) => run.id).join('-')}.html`) : null);
  if (file === null) return print(text, format);
  writeOutput(file, text);
  process.stdout.write(`${file}\n`);
  if (args.open) await openFile(resolve(file));
  return 0;
}

function formatOf({ runs, format, open, output }: ReportOptions): Format {
  if (runs.length > 2) throw new UserError(`${runs.length} runs are named: report shows one, or two in one page`);
  const page = open || runs.length === 2;
  if (page && format !== undefined && format !== 'html') {
    const reason = open
      ? '--open opens a page'
      : 'two runs are shown in a page; as text, Markdown or JSON, qpipe compare shows what differs';
    throw new UserError(`--format ${format} does not go with this: ${reason}`);
  }
  return format ?? (page ? 'html' : (formatOfName(output, formatNames) ?? 'text'));
}

async function pageOfTwo(a: Results, b: Results, [nameOfA = '', nameOfB = '']: string[]): Promise<string> {
  const { comparisonPage } = await import('../views/comparison-page.ts');
  return comparisonPage({ name: nameOfA, results: a }, { name: nameOfB, results: b });
}

function print(text: string, format: Format): number {
  if (format === 'html' && process.stdout.isTTY) throw new UserError('a page is not for a terminal: add --open, --output FILE, or > FILE');
  process.stdout.write(text);
  return 0;
}
