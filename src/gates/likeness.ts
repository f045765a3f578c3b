import { differs } from '../compare/conditions.ts';
import { whyNotComparable } from '../history/comparable.ts';
import type { Load, ResultRow, Results } from '../results/schema.ts';
import { metrics, type NamedMetric } from './metric.ts';

/** A row and the run it belongs to. */
export interface Side {
  row: ResultRow;
  results: Results;
}

/** What keeps a metric of two runs from being compared; empty where nothing does. */
export function unlikeness({ name, text }: NamedMetric, a: Side, b: Side): string[] {
  const { needs } = metrics[name];
  const ofLoad = needs === 'load' && a.row.load && b.row.load ? loadSettings(a.row.load, b.row.load) : [];
  return [...whyNotComparable(needs, text, a.results, b.results), ...ofLoad];
}

function loadSettings(a: Load, b: Load): string[] {
  return [
    ...(a.context === b.context ? [] : [differs('context', a.context, b.context)]),
    ...(a.kvType === b.kvType ? [] : [differs('type of the KV cache', a.kvType, b.kvType)]),
    ...(a.mmap === b.mmap ? [] : [differs('mmap', a.mmap, b.mmap)]),
  ];
}

/** What is no reason not to compare, and may be the reason for what is found. */
export function alsoDiffers({ name }: NamedMetric, a: Results, b: Results): string[] {
  const build = ({ conditions }: Results) => conditions.build;
  if (metrics[name].needs === 'file' || a.conditions.buildId === b.conditions.buildId) return [];
  return [differs('llama.cpp', build(a), build(b))];
}
