import { UserError } from '../errors.ts';
import { didYouMean } from '../pipeline/nearest.ts';
import type { Results } from '../results/schema.ts';
import { type HistoryMetric, type HistoryMetricName, historyMetricNamed, historyMetrics, historyWords, writtenMetric } from './metrics.ts';
import { type Chosen, isOn } from './trend.ts';
import { valueIn } from './value.ts';

export interface Wished {
  metric?: string | undefined;
  quant?: string | undefined;
  /** Name of a further text. */
  text?: string | undefined;
}

/**
 * What of a pipeline's history is to be shown: what is wished; else what the newest run's gates look at; else loss and KLD of the
 * smallest quant. Throws UserError for what no run has. @param past the oldest first
 */
export function choose(past: Results[], wished: Wished): Chosen[] {
  const measured = allMeasured(past);
  if (wished.metric === undefined && wished.quant === undefined && wished.text === undefined) return usual(past, measured);
  const asked = wished.metric === undefined ? usual(past, measured).map(({ metric }) => metric) : [metricOf(wished.metric)];
  const names = asked.map((metric) => writtenMetric(wished.text === undefined ? metric : onText(metric, wished.text)));
  const quant = wished.quant === undefined ? smallestRow(past) : quantOf(wished.quant, measured);
  const found = measured.filter((one) => names.includes(writtenMetric(one.metric)) && one.quant === (quant ?? one.quant));
  if (found.length === 0) throw new UserError(nothing(names, quant, measured));
  return found;
}

/** Every metric of every row that some run has, in the order of the table of metrics and of the newest run's rows. */
export function allMeasured(past: Results[]): Chosen[] {
  const rows = [...new Set(past.toReversed().flatMap((results) => results.rows.map(({ name }) => name)))];
  const texts = [...new Set(past.flatMap(({ conditions }) => (conditions.slices ?? []).map(({ name }) => name)))];
  const depths = [...new Set(past.flatMap((results) => results.rows.flatMap((row) => (row.depths ?? []).map(({ depth }) => depth))))];
  const named = (Object.keys(historyMetrics) as HistoryMetricName[]).flatMap((name) => variants(name, texts, depths));
  return named.flatMap((metric) => rows.filter((quant) => isMeasured(past, metric, quant)).map((quant) => ({ metric, quant })));
}

/** The same with the one first that a page opens with: what the newest run's gates name first; else the held-out loss. @param past the oldest first */
export function allForPage(past: Results[]): Chosen[] {
  const measured = allMeasured(past);
  const gate = past
    .at(-1)
    ?.gates?.find((one) => one.builtIn === undefined && measured.some(({ metric, quant }) => isOn(one, metric, quant)));
  const first = gate
    ? measured.find(({ metric, quant }) => isOn(gate, metric, quant))
    : measured.find(({ metric }) => metric.name === 'loss' && metric.text === null);
  const isFirst = ({ metric }: Chosen) => first !== undefined && writtenMetric(metric) === writtenMetric(first.metric);
  return [...measured.filter(isFirst), ...measured.filter((one) => !isFirst(one))];
}

function variants(name: HistoryMetricName, texts: string[], depths: number[]): HistoryMetric[] {
  const plain = { name, text: null, depth: null };
  const { needs } = historyMetrics[name];
  if (needs === 'evaluate') return [plain, ...texts.map((text) => ({ ...plain, text }))];
  return name === 'pp_tps' || name === 'tg_tps'
    ? [plain, ...depths.filter((depth) => depth > 0).map((depth) => ({ ...plain, depth }))]
    : [plain];
}

/** What is new is in the newest runs: the search ends there. */
function isMeasured(past: Results[], metric: HistoryMetric, quant: string): boolean {
  return (
    past.findLast((results) => {
      const row = results.rows.find(({ name }) => name === quant);
      return row !== undefined && valueIn(metric, row, results) !== undefined;
    }) !== undefined
  );
}

function usual(past: Results[], measured: Chosen[]): Chosen[] {
  const gates = (past.at(-1)?.gates ?? []).filter(({ builtIn }) => builtIn === undefined);
  // In the order in which the gates name them: what is wanted most comes first.
  const gated = gates.flatMap((gate) => measured.filter(({ metric, quant }) => isOn(gate, metric, quant)));
  if (gated.length > 0) return [...new Set(gated)];
  const smallest = smallestRow(past);
  const usualOnes = measured.filter(
    ({ metric, quant }) => quant === smallest && ['loss', 'kld'].includes(metric.name) && metric.text === null,
  );
  return usualOnes.length > 0 ? usualOnes : measured.slice(0, 1);
}

/** Of the newest run that made a file. */
function smallestRow(past: Results[]): string | null {
  for (const { rows } of past.toReversed()) {
    const made = rows.flatMap(({ name, kind, file }) => (kind === 'quant' && file ? [{ name, bytes: file.bytes }] : []));
    const [smallest] = made.toSorted((a, b) => a.bytes - b.bytes);
    if (smallest) return smallest.name;
  }
  return null;
}

function metricOf(written: string): HistoryMetric {
  const named = historyMetricNamed(written);
  if (named) return named;
  const near = didYouMean(written.split('@')[0] ?? '', historyWords);
  throw new UserError(`there is no metric ${written}: ${near ?? `the metrics are ${historyWords.join(', ')}`}`);
}

function onText(metric: HistoryMetric, text: string): HistoryMetric {
  return historyMetrics[metric.name].needs === 'evaluate' ? { ...metric, text } : metric;
}

function quantOf(written: string, measured: Chosen[]): string {
  const names = [...new Set(measured.map(({ quant }) => quant))];
  const found = names.find((name) => name.toLowerCase() === written.toLowerCase());
  if (found !== undefined) return found;
  throw new UserError(`no run has a row ${written}: ${names.length > 0 ? `there are ${names.join(', ')}` : 'nothing was measured'}`);
}

function nothing(names: string[], quant: string | null, measured: Chosen[]): string {
  const known = [...new Set(measured.filter((one) => one.quant === quant).map(({ metric }) => writtenMetric(metric)))];
  const there = known.length > 0 ? `there are ${known.join(', ')}` : 'nothing of it was measured';
  return `no run has measured ${names.join(' or ')}${quant === null ? '' : ` of ${quant}`}: ${there}`;
}
