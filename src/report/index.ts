import { harmlessAll } from '../harmless.ts';
import type { Results } from '../results/schema.ts';
import { chartNames, chartsOf } from './charts/index.ts';
import { svgFile } from './charts/svg.ts';
import { csvReport } from './csv.ts';
import { htmlReport } from './html/index.ts';
import { markdownReport } from './markdown.ts';
import { textReport } from './text.ts';

export interface ReportOptions {
  /** Columns of the terminal, for `text`. */
  width?: number;
}

const formats = {
  text: (results: Results, { width }: ReportOptions) => textReport(harmlessAll(results), width),
  md: (results: Results) => markdownReport(harmlessAll(results)),
  json: (results: Results) => `${JSON.stringify(results, null, 2)}\n`,
  csv: (results: Results) => csvReport(harmlessAll(results)),
  html: htmlReport,
};

export type Format = keyof typeof formats;

/** A report is a function from results to text. */
export function report(results: Results, format: Format, options: ReportOptions = {}): string {
  return formats[format](results, options);
}

/** Every chart by the name of its file; null for those that these results have no numbers for. */
export function chartFiles(results: Results): { name: string; svg: string | null }[] {
  const charts = chartsOf(results);
  return chartNames.map((name) => {
    const chart = charts.find((one) => one.name === name);
    return { name: `${name}.svg`, svg: chart ? svgFile(chart) : null };
  });
}
