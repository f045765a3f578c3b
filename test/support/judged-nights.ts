import type { ResultRow, Results } from '../../src/results/schema.ts';
import { resultsWith, rowWith } from './results.ts';
import { normal } from './simulated.ts';

/** How a night's model is told from others, in shares of the loss. */
export interface Night {
  number: number;
  /** By how much its loss is higher on the whole text. */
  worse?: number;
  /** Draws what training leaves to chance, on the whole text and on single blocks; without it there is none. */
  noise?: { random: () => number; ofNight: number; ofBlock: number };
  tokenizer?: string;
  row?: Partial<ResultRow>;
}

const blocks = 16;

/** Nats per token that the blocks of the text are worth to a good model. */
const difficulty = Array.from({ length: blocks }, (_, i) => 2.3 + 0.35 * Math.sin(1.7 * i) + 0.1 * Math.cos(4.1 * i));

/** What the quant adds to each block. */
const damage = difficulty.map((_, i) => 0.02 + 0.004 * Math.sin(2.3 * i));

/** Results of a night with a base and a Q4_K_M, whose held-out loss is made of blocks. */
export function night({ number, worse = 0, noise, tokenizer = 'a'.repeat(64), row = {} }: Night): Results {
  const shift = worse + (noise ? noise.ofNight * normal(noise.random) : 0);
  const loss = difficulty.map((block) => block * (1 + shift + (noise ? noise.ofBlock * normal(noise.random) : 0)));
  const pplBase = Math.exp(mean(loss));
  const base = measuredRow('base', pplBase, { kld: 0.00002, sameTopP: 99.9 }, Array(blocks).fill(0));
  const quant = measuredRow('Q4_K_M', pplBase, { kld: 0.03, sameTopP: 92 }, damage);
  return resultsWith(
    [
      { ...base, kind: 'base', type: 'F16' },
      { ...quant, ...row },
    ],
    {
      run: runOf(number),
      basePpl: { value: pplBase, low: pplBase * 0.9, high: pplBase * 1.1, n: blocks },
      baseHeldOut: { tokenizer, blocks: loss, effectiveBlocks: blocks },
    },
  );
}

/** @param added nats per token to each block of the base */
function measuredRow(name: string, pplBase: number, { kld, sameTopP }: { kld: number; sameTopP: number }, added: number[]): ResultRow {
  const row = rowWith(name, 5e6, kld, sameTopP);
  if (!row.quality) throw new Error('the row has no quality');
  const ratio = Math.exp(mean(added));
  const quality = {
    ...row.quality,
    ppl: pplBase * ratio,
    pplBase,
    pplRatio: { value: ratio, low: ratio * 0.999, high: ratio * 1.001, n: blocks },
    blocks: row.quality.blocks.map((block, i) => ({ ...block, lnRatio: added[i] ?? 0 })),
    effectiveBlocks: { kld: blocks, lnRatio: blocks, sameTopP: blocks },
  };
  return { ...row, quality };
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function runOf(number: number): Results['run'] {
  const startedAt = new Date(Date.UTC(2026, 0, number, 2)).toISOString();
  return { id: `${startedAt.replaceAll(/[-:]|\.\d+/g, '')}-${number}`, startedAt, seconds: 60, qpipe: '0.1.0' };
}
