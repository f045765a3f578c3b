import type { Load, Results } from '../../results/schema.ts';
import { speedConditions } from '../conditions-line.ts';
import { binarySize } from '../format.ts';
import { type BarRow, bars } from './bars.ts';
import type { Chart } from './chart.ts';

/** Memory of every row: the measured peak, or the estimate where nothing was measured. */
export function memoryChart(results: Results): Chart | null {
  const rows = results.rows.flatMap(({ name, load }) => (load && (load.peak || load.estimate) ? [{ name, load }] : []));
  const first = rows[0]?.load;
  if (!first) return null;
  const unit = unitFor(rows.map(({ load }) => (load.peak ? load.peak.anonymous + load.peak.file : (load.estimate?.total ?? 0))));
  return {
    name: 'memory',
    title: 'Memory at its peak',
    description: `With a context of ${first.context} tokens, KV cache in ${first.kvType}, ${first.mmap ? 'the file mapped' : 'the file read into memory'}. What cannot be dropped has to fit; mapped pages can be dropped, and generation is slow then. One process each (n=1). The line is the estimate from the header.`,
    ...bars(
      rows.map((row) => barOf(row, unit.bytes)),
      {
        tones: [
          { tone: 'first', text: 'cannot be dropped' },
          { tone: 'rest', text: 'mapped file' },
          { tone: 'third', text: 'estimated, not measured' },
        ],
        tick: (value) => `${value} ${unit.name}`,
        title: 'resident memory (powers of 1024)',
      },
    ),
    table: [
      ['row', 'peak: cannot be dropped', 'peak: mapped file', 'after load', 'after generation', 'estimate', 'by llama-fit-params'],
      ...rows.map(({ name, load }) => [
        name,
        load.peak ? binarySize(load.peak.anonymous) : 'not measured',
        load.peak ? binarySize(load.peak.file) : 'not measured',
        sum(load.afterLoad),
        sum(load.afterGeneration),
        load.estimate ? `${binarySize(load.estimate.total)} (${load.estimate.method})` : 'not estimated',
        load.byFit ? `${binarySize(load.byFit.total)} (${load.byFit.method})` : 'not estimated',
      ]),
    ],
    conditions: speedConditions(results),
  };
}

/** In which the axis has round numbers. */
function unitFor(bytes: number[]): { bytes: number; name: string } {
  return Math.max(...bytes) >= 2 ** 30 ? { bytes: 2 ** 30, name: 'GiB' } : { bytes: 2 ** 20, name: 'MiB' };
}

function barOf({ name, load: { peak, estimate } }: { name: string; load: Load }, unit: number): BarRow {
  const estimated = estimate ? `estimate ${binarySize(estimate.total)}` : '';
  if (!peak)
    return { name, parts: [{ value: (estimate?.total ?? 0) / unit, tone: 'third', text: `${estimated}, not measured` }], text: estimated };
  return {
    name,
    parts: [
      { value: peak.anonymous / unit, tone: 'first', text: `cannot be dropped: ${binarySize(peak.anonymous)}` },
      { value: peak.file / unit, tone: 'rest', text: `mapped file: ${binarySize(peak.file)}` },
    ],
    line: estimate && { value: estimate.total / unit, text: estimated },
    text: binarySize(peak.anonymous + peak.file),
  };
}

function sum(memory: { anonymous: number; file: number } | undefined): string {
  return memory ? binarySize(memory.anonymous + memory.file) : 'not measured';
}
