import type { DivergenceResult } from '../run/operations/divergence.ts';
import type { LogitsResult } from '../run/operations/logits.ts';
import { exactPercentages } from '../stats/blocks.ts';
import { widening } from '../stats/interval.ts';
import { ruleOfThree } from '../stats/rule-of-three.ts';
import { type Around, around } from './around.ts';
import type { HeldOut, Interval, Quality } from './schema.ts';

/** Of KLD and ln-ratio, which are printed after each chunk with five decimals. */
export const step = 1e-5;

/** Of a running perplexity, printed with four decimals. */
const pplStep = 1e-4;

/** Below that nobody would see it in an interval. */
const wide = 1.05;

/** Errors are computed over blocks of chunks: tokens, and neighbouring chunks, are not independent. */
export function qualityOf({ divergence, chunks, scored }: DivergenceResult): Quality {
  const { rows } = divergence;
  const kld = around(divergence.meanKld, { means: rows.map((row) => row.kld), step });
  const lnRatio = around(Math.log(divergence.ratio), { means: rows.map((row) => row.lnRatio), step });
  const percentages = rows.map((row) => row.sameTopP);
  const sameTopP = around(divergence.sameTopP, { means: exactPercentages(percentages, scored), step: 0 });
  return {
    ppl: divergence.meanPplQ,
    pplBase: divergence.meanPplBase,
    pplRatio: { ...lnRatio.interval, value: divergence.ratio, ...exponential(lnRatio.interval) },
    kld: kld.interval,
    kldMedian: divergence.medianKld,
    kldP99: divergence.kld99,
    kldP999: divergence.kld999,
    kldMaximum: divergence.maximumKld,
    sameTopP: asPercentage(sameTopP.interval, (rows.length * scored * kld.effective) / Math.max(1, kld.blocks.length)),
    rmsDp: divergence.rmsDp,
    chunks,
    blocks: kld.blocks.map((value, i) => ({
      kld: value,
      lnRatio: lnRatio.blocks[i] ?? Number.NaN,
      sameTopP: sameTopP.blocks[i] ?? Number.NaN,
    })),
    ...(kld.blocks.length > 0 ? resemblance(kld, lnRatio, sameTopP) : {}),
  };
}

/** The blocks of a perplexity; nothing where there are too few chunks for blocks. */
export function heldOutOf({ ppl, runningPpl, tokenizer = null }: MeasuredPpl): HeldOut | null {
  const { blocks, effective } = aroundLog(ppl, runningPpl);
  return blocks.length > 0 ? { tokenizer, blocks, effectiveBlocks: effective } : null;
}

type MeasuredPpl = Pick<LogitsResult, 'ppl' | 'runningPpl'> & { tokenizer?: string | null };

/** Perplexity of the base: running values over 1, 2, 3 ... chunks. */
export function basePplOf(ppl: number, runningPpl: number[]): Interval {
  const { interval } = aroundLog(ppl, runningPpl);
  return { ...interval, value: ppl, ...exponential(interval) };
}

function aroundLog(ppl: number, runningPpl: number[]): Around {
  return around(Math.log(ppl), { means: runningPpl.map(Math.log), step: pplStep / ppl });
}

function resemblance(kld: Around, lnRatio: Around, sameTopP: Around): Pick<Quality, 'correlation' | 'effectiveBlocks' | 'widened'> {
  const widened = widening(kld.effective, kld.blocks.length);
  return {
    correlation: kld.correlation,
    effectiveBlocks: { kld: kld.effective, lnRatio: lnRatio.effective, sameTopP: sameTopP.effective },
    ...(widened > wide ? { widened } : {}),
  };
}

/**
 * The interval of a share cannot go beyond nothing or the whole, and has a width there too.
 * @param worth independent tokens: how much their chunks resemble each other only KLD tells where no token, or every one, has changed
 */
function asPercentage(interval: Interval, worth: number): Interval {
  const { value, low, high } = interval;
  if (low === undefined || high === undefined) return interval;
  const least = 100 * ruleOfThree(worth);
  if (value >= 100) return { ...interval, low: Math.min(low, 100 - least), high: 100 };
  if (value <= 0) return { ...interval, low: 0, high: Math.max(high, least) };
  return { ...interval, low: Math.max(0, low), high: Math.min(100, high) };
}

function exponential({ low, high }: Interval): Pick<Interval, 'low' | 'high'> {
  return low === undefined || high === undefined ? {} : { low: Math.exp(low), high: Math.exp(high) };
}
