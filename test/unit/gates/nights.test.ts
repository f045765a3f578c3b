import { expect, test } from 'vitest';
import { exitCodeOf } from '../../../src/gates/exit-code.ts';
import { type Settled, settle } from '../../../src/gates/settle.ts';
import type { GateSettings } from '../../../src/pipeline/gate.ts';
import type { Results } from '../../../src/results/schema.ts';
import { randomFrom } from '../../../src/stats/random.ts';
import { type Night, night } from '../../support/judged-nights.ts';

const fineTune: GateSettings = { own: [], fineTune: { baseline: { is: 'firstGood' }, at: '/gates' } };
const references = { named: new Map(), tables: new Map() };

/** Nights one after the other, each judged with those before it in the history. */
function nights(described: Omit<Night, 'number'>[]): Settled[] {
  const past: Results[] = [];
  return described.map((one, i) => {
    const settled = settle(night({ ...one, number: i + 1 }), {
      gates: fineTune,
      past: [...past],
      references,
      newReference: false,
      hasRun: true,
    });
    past.push(settled.results);
    return settled;
  });
}

function failed({ results }: Settled): boolean {
  return exitCodeOf(results.gates ?? []) === 1;
}

/** Evidence of what failed. */
function reasons({ results }: Settled): string[] {
  return (results.gates ?? []).flatMap(({ outcome, evidence }) => (outcome === 'fail' ? [evidence] : []));
}

test.each([1, 2, 3, 4, 5])('of 40 nights that differ only by training noise at most two fail (seed %i)', (seed) => {
  const random = randomFrom(seed);
  const settled = nights(Array.from({ length: 40 }, () => ({ noise: { random, ofNight: 0.003, ofBlock: 0.006 } })));
  expect(settled.filter(failed).length).toBeLessThanOrEqual(2);
});

test('a clearly worse night fails in every history, and the good build before it stays the last good one', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const noise = { random: randomFrom(seed), ofNight: 0.002, ofBlock: 0.006 };
    const settled = nights([{ noise }, { noise }, { noise, worse: 0.04 }, { noise }]);
    expect(settled.map(failed)).toEqual([false, false, true, false]);
    expect(settled[3]?.results.gates?.find(({ metric }) => metric === 'loss')?.vs).toEqual({ run: settled[1]?.results.run.id });
  }
});

test('one that is slightly worse, within the noise, does not fail', () => {
  const noise = { random: randomFrom(7), ofNight: 0.002, ofBlock: 0.006 };
  expect(nights([{ noise }, { noise }, { noise, worse: 0.003 }]).map(failed)).toEqual([false, false, false]);
});

test('a slow drift passes beside the night before and fails beside the first good build', () => {
  const noise = { random: randomFrom(11), ofNight: 0, ofBlock: 0.002 };
  const settled = nights([{ noise }, { noise, worse: 0.007 }, { noise, worse: 0.014 }, { noise, worse: 0.021 }]);
  expect(settled.map(failed)).toEqual([false, false, true, true]);
  expect(reasons(settled[2] as Settled)).toEqual([expect.stringContaining('against the first good build')]);
});

test('a better night passes', () => {
  expect(nights([{}, { worse: -0.05 }]).map(failed)).toEqual([false, false]);
});
