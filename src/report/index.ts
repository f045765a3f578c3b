import type { Results } from '../results/schema.ts';
import { csvReport } from './csv.ts';
import { markdownReport } from './markdown.ts';
import { textReport } from './text.ts';

export interface ReportOptions {
  /** Columns of the terminal, for `text`. */
  width?: number;
}

const formats = {
  text: (results: Results, { width }: ReportOptions) => textReport(results, width),
  md: markdownReport,
  json: (results: Results) => `${JSON.stringify(results, null, 2)}\n`,
  csv: csvReport,
};

export type Format = keyof typeof formats;

/** A report is a function from results to text. */
export function report(results: Results, format: Format, options: ReportOptions = {}): string {
  return formats[format](results, options);
}
