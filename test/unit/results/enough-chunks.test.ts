import { describe, expect, test } from 'vitest';
import type { Plan } from '../../../src/plan/planned.ts';
import { enoughChunks } from '../../../src/results/enough-chunks.ts';
import type { Quality, ResultRow, Results } from '../../../src/results/schema.ts';
import { resultsWith, rowWith } from '../../support/results.ts';

const sixteen = { now: 16, most: 512 };

/** A row whose blocks scatter around the mean, each row's in another order: so much of it that paired differences do. */
function row(name: string, bytes: number, kld: number, scatter: number, turn = 0): ResultRow {
  const made = rowWith(name, bytes, kld, 95);
  const blocks = Array.from({ length: 8 }, (_, i) => ({ kld: kld + scatter * (((i * 3 + turn) % 8) - 3.5), lnRatio: 0, sameTopP: 95 }));
  return { ...made, quality: { ...(made.quality as Quality), chunks: 16, blocks } };
}

function decided(rows: ResultRow[], chunks: Plan['chunks'] = sixteen, more: Partial<Results> = {}, measured = 16) {
  const results = resultsWith(rows, more);
  const { evaluation } = results.conditions;
  if (evaluation) evaluation.chunks = measured;
  return enoughChunks({ chunks }, results);
}

const apart = [row('Q4', 400, 0.05, 0.001), row('Q8', 800, 0.02, 0.001, 5)];
const close = [row('Q4', 400, 0.0501, 0.01), row('Q5', 500, 0.05, 0.01, 5)];

describe('there are enough chunks', () => {
  test('when every interval excludes 0', () => {
    expect(decided(apart)).toEqual({ enough: true, why: 'every comparison that matters is decided' });
  });

  test('when two are not told apart, but both are near-lossless', () => {
    expect(decided([row('Q6', 600, 0.0041, 0.001), row('Q8', 800, 0.004, 0.001, 5)])).toMatchObject({ enough: true });
  });

  test('when two hold the same', () => {
    expect(decided([row('Q8', 800, 0.05, 0.01), row('MXFP4', 800, 0.05, 0.01)])).toMatchObject({ enough: true });
  });

  test('when the text has no more, with what it leaves open', () => {
    expect(decided(close, { now: 32, most: 512 }, {}, 20)).toEqual({
      enough: true,
      why: 'the text has no more; Q4 and Q5 are not told apart',
    });
    expect(decided(close, { now: 512, most: 512 }, {}, 512)).toMatchObject({
      enough: true,
      why: expect.stringMatching(/^more than 512 are not taken/),
    });
  });

  test('when nothing was measured', () => {
    expect(decided([rowWith('Q4', 400, 0.05, 95, { quality: undefined } as Partial<ResultRow>)])).toMatchObject({ enough: true });
  });
});

describe('twice as many are needed', () => {
  test('when neighbours in size are not told apart', () => {
    expect(decided(close)).toEqual({ enough: false, chunks: 32, open: 'Q4 and Q5 are not told apart' });
    expect(decided(close, { now: 16, most: 20 })).toMatchObject({ chunks: 20 });
  });

  test('when the neighbours that no smaller one beats are not, with a beaten one between them', () => {
    const beaten = row('odd', 450, 0.2, 0.001, 2);
    const [q4, q5] = close as [ResultRow, ResultRow];
    expect(decided([q4, beaten, q5])).toMatchObject({ enough: false, open: 'Q4 and Q5 are not told apart' });
  });

  test('when there are too few chunks for an interval', () => {
    const few = apart.map((one) => ({ ...one, quality: { ...(one.quality as Quality), blocks: [] } }));
    expect(decided(few)).toMatchObject({ enough: false });
  });

  test('when a recommendation chose between two whose difference is told, but not how large it is', () => {
    const rows = [row('Q4', 400, 0.06, 0.0015), row('Q8', 800, 0.05, 0.0015, 5)];
    const chosen = { device: 'here', pick: 'Q8', runnerUp: 'Q4' } as NonNullable<Results['recommendations']>[number];
    expect(decided(rows)).toMatchObject({ enough: true });
    expect(decided(rows, sixteen, { recommendations: [chosen] })).toMatchObject({ enough: false });
  });
});
