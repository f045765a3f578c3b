import type { Metric, Unit } from '../gates/metric.ts';
import type { GateVerdict, Results } from '../results/schema.ts';
import { type Band, bandOf, mostNights } from './band.ts';
import { type Change, changesBetween } from './changes.ts';
import { whyNotComparable } from './comparable.ts';
import { leastEffect } from './least-effect.ts';
import { type HistoryMetric, historyMetrics, writtenMetric } from './metrics.ts';
import { valueIn } from './value.ts';
import { type Verdict, verdictOf } from './verdict.ts';

/** A metric of a row. */
export interface Chosen {
  metric: HistoryMetric;
  /** The row's name. */
  quant: string;
}

/** A run as the history has it. */
export interface Night {
  run: string;
  /** ISO 8601. */
  startedAt: string;
  verdict: Verdict;
  /** What is not as it was in the night before. */
  changes: Change[];
}

interface Limit {
  level: 'fail' | 'warn';
  value: number;
}

/** What a night measured. */
export interface Point {
  /** Its place among the nights. */
  night: number;
  value: number;
  low?: number;
  high?: number;
  /** Measurements that it is made of; absent for what is exact. */
  n?: number;
  /** Why no line leads here from the point before; empty where one does, and for the first. */
  breaks: string[];
  /** From the comparable nights before; null with too few of them. */
  band: Band | null;
  outside: 'above' | 'below' | null;
  /** What the gates of that night allow. */
  limits: Limit[];
}

export interface Trend {
  /** By its name in the CSV: `kld@code`. */
  metric: string;
  /** In words. */
  title: string;
  unit: Unit;
  bad: 'high' | 'low';
  quant: string;
  points: Point[];
}

export interface History {
  pipeline: string;
  /** The oldest first. */
  nights: Night[];
  /** How many nights came before these. */
  earlier: number;
  trends: Trend[];
}

/** How values went over the runs of a pipeline. Runs before the first shown one still count for the bands. @param past the oldest first @param last how many nights are shown */
export function historyOf(past: Results[], chosen: Chosen[], last = past.length): History {
  const first = Math.max(0, past.length - last);
  const nights = past.map((results, i) => nightOf(results, past[i - 1])).slice(first);
  const trends = chosen.map((one) => {
    const points = pointsOf(past, one).filter(({ night }) => night >= first);
    const shown = points.map((point) => ({ ...point, night: point.night - first }));
    const { words, unit, bad } = historyMetrics[one.metric.name];
    return { metric: writtenMetric(one.metric), title: `${words}${placeOf(one.metric)}`, unit, bad, quant: one.quant, points: shown };
  });
  return { pipeline: past.at(-1)?.pipeline ?? '', nights, earlier: first, trends: trends.filter(({ points }) => points.length > 0) };
}

function nightOf(results: Results, before: Results | undefined): Night {
  const { id, startedAt } = results.run;
  return { run: id, startedAt, verdict: verdictOf(results), changes: before ? changesBetween(before, results) : [] };
}

function placeOf({ text, depth }: HistoryMetric): string {
  return `${text === null ? '' : ` on ${text}`}${depth === null ? '' : ` at a depth of ${depth}`}`;
}

function pointsOf(past: Results[], { metric, quant }: Chosen): Point[] {
  const measured = past.flatMap((results, night) => {
    const row = results.rows.find(({ name }) => name === quant);
    const value = row && valueIn(metric, row, results);
    return value ? [{ results, night, value }] : [];
  });
  return measured.map(({ results, night, value: { value, low, high, n } }, i) => {
    const why = (other: Results) => whyNotComparable(historyMetrics[metric.name].needs, metric.text, other, results);
    const band = bandOf(comparableBefore(measured.slice(0, i), why), leastEffect(metric.name, value));
    const previous = measured[i - 1];
    return {
      night,
      value,
      ...(low === undefined || high === undefined ? {} : { low, high }),
      ...(isExact(metric) ? {} : { n }),
      breaks: previous ? why(previous.results) : [],
      band,
      outside: outside(value, band),
      limits: limitsOf(results, metric, quant),
    };
  });
}

/** A size is not measured. */
function isExact({ name }: HistoryMetric): boolean {
  const metric: Partial<Metric> = historyMetrics[name];
  return metric.error === 'exact';
}

/** As many as a band is made of; of years of nights most need not be looked at. */
function comparableBefore(earlier: { results: Results; value: { value: number } }[], why: (other: Results) => string[]): number[] {
  const values: number[] = [];
  for (let i = earlier.length - 1; i >= 0 && values.length < mostNights; i--) {
    const other = earlier[i];
    if (other && why(other.results).length === 0) values.unshift(other.value.value);
  }
  return values;
}

function outside(value: number, band: Band | null): Point['outside'] {
  if (!band) return null;
  return value > band.high ? 'above' : value < band.low ? 'below' : null;
}

function limitsOf({ gates = [] }: Results, metric: HistoryMetric, quant: string): Limit[] {
  const own = gates.filter((gate) => isOn(gate, metric, quant));
  return own.flatMap(({ level, limit }) => (limit === undefined ? [] : [{ level, value: limit }]));
}

/** Whether a gate looked at a metric of a row. */
export function isOn(gate: GateVerdict, metric: HistoryMetric, quant: string): boolean {
  return gate.metric === writtenMetric({ ...metric, text: null }) && gate.quant === quant && (gate.text ?? null) === metric.text;
}
