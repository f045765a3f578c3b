import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { around } from '../../../src/results/around.ts';
import { pairedDifference } from '../../../src/results/compare.ts';
import { blockMeans, blocksOf, chunkValues, exactPercentages } from '../../../src/stats/blocks.ts';
import { holm } from '../../../src/stats/holm.ts';
import { meanInterval } from '../../../src/stats/interval.ts';
import { mcnemar } from '../../../src/stats/mcnemar.ts';
import { permutationTest } from '../../../src/stats/permutation.ts';
import { studentProbability, studentQuantile } from '../../../src/stats/student.ts';
import { wilson } from '../../../src/stats/wilson.ts';
import { readDivergence, readLogits } from '../../../src/tools/perplexity.ts';
import { type Oracle, oracle, type Series } from '../../support/oracle.ts';

const fixtures = new URL('../../fixtures/', import.meta.url);
const read = (name: string) => readFileSync(new URL(name, fixtures), 'utf8');

/** What differs only in the order of sums. */
function expectEqual(ours: number | null | undefined, theirs: number | null, what: string): void {
  if (theirs === null || ours === null || ours === undefined) expect(ours, what).toBe(theirs);
  else expect(Math.abs(ours - theirs), `${what}: ${ours} and ${theirs}`).toBeLessThanOrEqual(1e-9 * Math.max(Math.abs(theirs), 1e-3));
}

type Metric = keyof Oracle['small'][string];
const metrics: Metric[] = ['kld', 'lnRatio', 'sameTopP'];

/** Running means of a recorded comparison, as a run reads them. */
function runningOf(text: string, chunks: number, metric: Metric): { means: number[]; step: number } {
  const found = readDivergence(text, '', chunks);
  if (!found.ok) throw new Error(found.message);
  const means = found.divergence.rows.map((row) => row[metric]);
  return metric === 'sameTopP' ? { means: exactPercentages(means, 255), step: 0 } : { means, step: 1e-5 };
}

function expectSeries({ means, step }: { means: number[]; step: number }, theirs: Series, what: string): void {
  for (const [i, value] of chunkValues(means).entries()) expectEqual(value, theirs.chunks[i] ?? null, `${what}, chunk ${i + 1}`);
  const ours = around(0, { means, step });
  for (const [i, value] of ours.blocks.entries()) expectEqual(value, theirs.blocks[i] ?? null, `${what}, block ${i + 1}`);
  const plain = meanInterval(blockMeans(means, blocksOf(means.length)));
  expectEqual(plain?.mean, theirs.mean, `${what}, mean`);
  expectEqual(plain?.low, theirs.plain[0], `${what}, lower bound of blocks alone`);
  expectEqual(plain?.high, theirs.plain[1], `${what}, upper bound of blocks alone`);
  expectEqual(ours.correlation, theirs.correlation, `${what}, correlation`);
  expectEqual(ours.effective, theirs.effective, `${what}, effective blocks`);
  expectEqual(ours.interval.high, theirs.half, `${what}, half of the interval`);
}

describe('as NumPy and SciPy have it', () => {
  test.each(Object.keys(oracle.small))('chunks, blocks and intervals of the recording of %s', (release) => {
    const text = read(`output/perplexity/${release}/divergence.stdout.txt`);
    for (const metric of metrics) expectSeries(runningOf(text, 8, metric), oracle.small[release]?.[metric] as Series, metric);
  });

  test.each(Object.keys(oracle.demo))("chunks, blocks and intervals of the demo's %s", (name) => {
    const text = read(`stats/demo/${name}.txt`);
    for (const metric of metrics) expectSeries(runningOf(text, 64, metric), oracle.demo[name]?.[metric] as Series, metric);
  });

  test("the demo's perplexity", () => {
    const found = readLogits(read('stats/demo/logits.txt'), '', 64);
    if (!found.ok) throw new Error(found.message);
    const theirs = oracle.perplexity['demo'];
    expect(found.ppl).toBe(theirs?.final);
    expectSeries({ means: found.runningPpl.map(Math.log), step: 1e-4 / found.ppl }, theirs as Series, 'ln PPL');
  });

  test.each(metrics)('paired t tests of each two rows over the same blocks, and Holm over all: %s', (metric) => {
    const own = oracle.pairs.filter((pair) => pair.metric === metric);
    const blocks = (name: string) => oracle.demo[name]?.[metric].blocks ?? [];
    const found = own.map(({ a, b }) => {
      const differences = blocks(b).map((value, i) => value - (blocks(a)[i] ?? Number.NaN));
      const mean = differences.reduce((sum, value) => sum + value, 0) / differences.length;
      return pairedDifference(mean, differences, differences.length, 0);
    });
    const corrected = holm(found.map((one) => one?.probability ?? Number.NaN));
    expect(own.length).toBe(15);
    for (const [i, { a, b, low, high, p, holm: raised }] of own.entries()) {
      expectEqual(found[i]?.difference.low, low, `${b} against ${a}, low`);
      expectEqual(found[i]?.difference.high, high, `${b} against ${a}, high`);
      expectEqual(found[i]?.probability, p, `${b} against ${a}, p`);
      expectEqual(corrected[i], raised, `${b} against ${a}, Holm`);
    }
  });

  test("quantiles and tails of Student's t", () => {
    for (const { p, df, t } of oracle.student) expectEqual(studentQuantile(p, df), t, `quantile ${p} of ${df}`);
    for (const { t, df, p } of oracle.probability) expectEqual(studentProbability(t, df), p, `tails from ${t} of ${df}`);
  });

  test("McNemar's test and Wilson's interval", () => {
    for (const { counts, p } of oracle.mcnemar) expectEqual(mcnemar(counts[0], counts[1]), p, `McNemar of ${counts.join(' and ')}`);
    for (const { counted, of, low, high } of oracle.wilson) {
      expectEqual(wilson(counted, of).low, low, `Wilson of ${counted} in ${of}, low`);
      expectEqual(wilson(counted, of).high, high, `Wilson of ${counted} in ${of}, high`);
    }
  });

  test('permutation tests, as near as 2,000 of all ways can tell', () => {
    for (const { a, b, p, paired } of oracle.permutation) {
      expect(Math.abs(permutationTest(a, b, false) - p)).toBeLessThan(0.02);
      expect(Math.abs(permutationTest(a, b, true) - paired)).toBeLessThan(0.02);
    }
  });
});
