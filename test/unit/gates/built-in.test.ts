import { describe, expect, test } from 'vitest';
import { builtInVerdicts } from '../../../src/gates/built-in.ts';
import { judge } from '../../../src/gates/judge.ts';
import { usualLimits } from '../../../src/gates/limits-by-width.ts';
import type { GateVerdict, Results, Sample } from '../../../src/results/schema.ts';
import { night } from '../../support/judged-nights.ts';

/** Those of a metric and a row. */
function outcome(metric: string, results: Results, lastGood: Results | null = null, quant = 'Q4_K_M'): GateVerdict['outcome'] | undefined {
  return builtInVerdicts(results, { lastGood, again: new Map() }).find((one) => one.metric === metric && one.quant === quant)?.outcome;
}

describe('a broken file of Silicon-Maid-7B, Q8_0 (llama.cpp#7550: 6.9562 +/- 0.04647 beside 15.3851)', () => {
  const ofSiliconMaid = (ppl: number, number: number) => {
    const results = night({ number });
    const [, row] = results.rows;
    if (!row?.quality || !results.baseHeldOut) throw new Error('no quality');
    const blocks = results.baseHeldOut.blocks.map((_, i) => Math.log(6.9562) + 0.05 * Math.sin(i));
    const ratio = ppl / 6.9562;
    row.type = 'Q8_0';
    row.quality = {
      ...row.quality,
      ppl,
      pplBase: 6.9562,
      pplRatio: { value: ratio, low: ratio * 0.99, high: ratio * 1.01, n: 16 },
      blocks: row.quality.blocks.map((block) => ({ ...block, lnRatio: Math.log(ratio) })),
    };
    return { ...results, baseHeldOut: { ...results.baseHeldOut, blocks } };
  };
  const good = ofSiliconMaid(6.9562, 1);
  const broken = ofSiliconMaid(15.3851, 2);

  test('is caught beside its base', () => {
    expect(outcome('ppl_ratio', broken)).toBe('fail');
    expect(outcome('ppl_ratio', good)).toBe('pass');
  });

  test('is worth a look beside the last good build, and fails from ten times on', () => {
    expect(outcome('ppl', good, good)).toBe('pass');
    expect(outcome('ppl', broken, good)).toBe('warn');
    expect(outcome('ppl', ofSiliconMaid(80, 2), good)).toBe('fail');
  });

  test('a base whose perplexity is ten times that of the last good one fails, even with another tokenizer', () => {
    const worse = night({ number: 2, worse: 1.2, tokenizer: 'b'.repeat(64) });
    expect(outcome('ppl', worse, night({ number: 1 }), 'base')).toBe('fail');
  });

  test('and on another text, where the good build was measured again on it', () => {
    const worse = night({ number: 2, worse: 1.2, tokenizer: 'b'.repeat(64) });
    const onItsText = night({ number: 1 });
    const { conditions } = onItsText;
    const lastGood = {
      ...onItsText,
      conditions: { ...conditions, evaluation: conditions.evaluation && { ...conditions.evaluation, sha256: 'f'.repeat(64) } },
    };
    expect(outcome('ppl', worse, lastGood, 'base')).toBeUndefined();
    const again = new Map([[lastGood.run.id, { results: onItsText }]]);
    expect(builtInVerdicts(worse, { lastGood, again }).find(({ metric, quant }) => metric === 'ppl' && quant === 'base')?.outcome).toBe(
      'fail',
    );
  });
});

describe('answers', () => {
  const answer = (prompt: string, marks: string[] = []): Sample => ({
    prompt,
    text: 'x',
    tokens: 4,
    seconds: 1,
    ended: true,
    repetition: 0,
    marks,
  });
  const asked = (ofBase: string[][], ofQuant: string[][], number = 1) => {
    const results = night({ number, row: { samples: ofQuant.map((marks, i) => answer(`p${i}`, marks)) } });
    const [base] = results.rows;
    if (base) base.samples = ofBase.map((marks, i) => answer(`p${i}`, marks));
    return results;
  };
  const loop = ['repeats itself'];

  test('of which half are broken where those of the base are not fail; fewer warn', () => {
    expect(outcome('answers', asked([[], [], [], []], [[], [], [], []]))).toBe('pass');
    expect(outcome('answers', asked([[], [], [], []], [loop, [], [], []]))).toBe('warn');
    expect(outcome('answers', asked([[], [], [], []], [loop, ['does not end'], [], []]))).toBe('fail');
  });

  test('that are broken in the same way as those of the base are no fault of the file', () => {
    expect(outcome('answers', asked([loop, loop], [loop, loop]))).toBe('pass');
  });

  test("of the base are held against those of the last good build's base", () => {
    const broken = asked([loop, loop], [loop, loop], 2);
    expect(outcome('answers', broken, asked([[], []], [[], []]), 'base')).toBe('fail');
    expect(outcome('answers', broken, null, 'base')).toBe('warn');
  });
});

test('what is built in and passes says nothing in a pipeline without gates', () => {
  const around = { lastGood: null, firstGood: null, named: new Map(), tables: new Map(), good: [], again: new Map(), newReference: false };
  expect(judge({ own: [], fineTune: null }, night({ number: 1 }), around)).toEqual([]);
});

test.each([
  ['Q8_0', 0.15],
  ['IQ4_XS', 0.15],
  ['MXFP4_MOE', 0.15],
  ['Q3_K_S', 0.45],
  ['IQ2_XXS', 1.6],
  ['TQ1_0', 4.5],
  [null, 0.15],
])('%s is refused from a KLD of %d on', (type, limit) => {
  expect(usualLimits(type).kld.fail).toBe(limit);
});
