import { describe, expect, test } from 'vitest';
import { findDevice } from '../../../src/devices/find.ts';
import { UserError } from '../../../src/errors.ts';
import { recommendForSize } from '../../../src/recommend/for-size.ts';
import { judge } from '../../../src/recommend/judge.ts';
import { needOf, preferences, usualWish } from '../../../src/recommend/need.ts';
import { pick } from '../../../src/recommend/pick.ts';
import { recommend } from '../../../src/recommend/recommend.ts';
import { typicalChoice } from '../../../src/recommend/typical-choice.ts';

describe('without measurements', () => {
  const choice = typicalChoice(8.03e9);
  const sizeOf = (name: string) => choice.candidates.find((candidate) => candidate.name === name)?.tensorBytes;

  test('sizes are those of a model of that size', () => {
    // Llama 3.1 8B in Q4_K_M and F16, as everybody has them.
    expect(sizeOf('Q4_K_M')).toBeCloseTo(4.913e9, -7);
    expect(sizeOf('F16')).toBeCloseTo(16.06e9, -7);
    expect(choice.origin.size).toContain('computed from the shape of llama-3.1-8b (8.03B)');
  });

  test('a size between known ones is scaled, and said to be', () => {
    const scaled = typicalChoice(9e9);
    expect((scaled.candidates.find(({ name }) => name === 'Q4_K_M')?.tensorBytes ?? 0) / (sizeOf('Q4_K_M') ?? 1)).toBeCloseTo(9 / 8.03, 2);
    expect(scaled.origin.size).toContain('scaled to 9B');
  });

  test('quality is published, and better with more bits', () => {
    const kld = (name: string) => choice.candidates.find((candidate) => candidate.name === name)?.quality.kld ?? 0;
    const order = ['F16', 'Q8_0', 'Q6_K', 'Q5_K_M', 'Q4_K_M', 'Q3_K_M', 'Q2_K', 'IQ1_S'].map(kld);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(choice.origin.quality).toMatch(/^published, of other models \(.*Llama 3 8B.*\); typical, and no verdict/);
    expect(typicalChoice(1e9).origin.quality).toContain('small models lose more');
  });

  test('a Raspberry Pi gets an answer whose speed nobody vouches for', () => {
    const found = findDevice('pi-5-8gb');
    if (!found.ok) throw new Error(found.message);
    const answer = recommend(choice, found.device, needOf(usualWish, 0));
    expect(answer.pick).toBe('Q5_K_S');
    expect(answer).toMatchObject({ speed: null, stability: null });
    expect(answer.sentence).toMatch(/published KLD 0\.\d+, (alike|up to 0\.\d+) in \d models/);
    expect(answer.evidence.join()).toContain('speed: unknown');
  });

  test('sizes that no known model is near to are refused', () =>
    expect(() => typicalChoice(700e9)).toThrow('sizes are known for models of 0.247B to 141B parameters'));
});

describe('a card', () => {
  const card = (name: string) => {
    const found = findDevice(name);
    if (!found.ok) throw new Error(found.message);
    return found.device;
  };
  const usual = needOf(usualWish, 0);

  test('that is far too small takes the file with least beside it, and tells what is read from there', () => {
    const { memory, sentence, speed } = recommend(typicalChoice(70e9), card('gpu-8gb'), usual);
    expect(memory?.free).toBeGreaterThanOrEqual(0);
    expect(Number(/\(([\d.]+) GiB stay in main memory, from where \d\d % of what a token reads come\)/.exec(sentence)?.[1])).toBeLessThan(
      20,
    );
    expect(sentence).toContain('its speed there was not measured');
    expect(speed).toBeNull();
  });

  test.each([7e9, 14e9, 30e9, 70e9])('more context never gives a larger file of %d parameters', (parameters) => {
    const choice = typicalChoice(parameters);
    const contexts = [512, 4096, 16384, 32768, 65536, 131072];
    for (const [name, prefer, minTg] of ['gpu-8gb', 'gpu-16gb', '2x24gb'].flatMap((one) =>
      preferences.flatMap((wish) => [0, 5].map((least) => [one, wish, least] as const)),
    )) {
      const sizes = contexts.map((context) => {
        const need = { ...usual, context, prefer, minTg };
        return pick(judge(choice, card(name), need), need)?.candidate.tensorBytes ?? 0;
      });
      expect(sizes, `${name} ${prefer} ${minTg}`).toEqual(sizes.toSorted((a, b) => b - a));
    }
  });
});

describe('recommendForSize', () => {
  test('is a function of size, memory and preference', () => {
    const ask = (prefer: 'quality' | 'speed') => recommendForSize({ parameters: 7e9, memory: '8GiB', prefer }).pick;
    expect([ask('quality'), ask('speed')]).toEqual(['Q6_K', 'Q3_K_M']);
    expect(recommendForSize({ parameters: 7e9, memory: '8GiB', gpu: true }).arguments).toEqual(['-c', '4096', '-ngl', '99']);
  });

  test.each([
    [{ parameters: Number.NaN }, 'sizes are known for models of'],
    [{ parameters: -7e9 }, 'sizes are known for models of'],
    [{ context: -5 }, 'a context of -5 tokens: write a whole number'],
    [{ prefer: 'best' as 'speed' }, 'there is no preference best: write quality, balanced, speed'],
  ])('refuses %j', (wrong, message) => expect(() => recommendForSize({ parameters: 7e9, memory: '8GiB', ...wrong })).toThrow(message));

  test('refuses a memory that is none', () => {
    expect(() => recommendForSize({ parameters: 7e9, memory: '0GiB' })).toThrow(UserError);
    expect(() => recommendForSize({ parameters: 7e9, memory: 'much' })).toThrow(
      '`much` is no size of a memory; write a number and its unit',
    );
  });
});
