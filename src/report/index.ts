import type { Results } from '../results/schema.ts';
import { csvReport } from './csv.ts';
import { markdownReport } from './markdown.ts';
import { textReport } from './text.ts';

/** A report is a function from results to text. */
export const formats = {
  text: textReport,
  md: markdownReport,
  json: (results: Results) => `${JSON.stringify(results, null, 2)}\n`,
  csv: csvReport,
};

export type Format = keyof typeof formats;

export const formatNames = Object.keys(formats) as Format[];

export function report(results: Results, format: Format): string {
  return formats[format](results);
}
