import { beforeAll, describe, expect, test } from 'vitest';
import { checkSizes, hasSizes, type SizeCheck } from '../../src/published/check-sizes.ts';
import { publishedTables } from '../../src/published/tables.ts';
import type { LlamaCpp } from '../../src/tools/llama-cpp.ts';
import { realTools } from '../support/real-lab.ts';

let tools: LlamaCpp;

beforeAll(async () => {
  tools = await realTools(false);
});

/** Rows that come out as printed, and of how many; every other one is known, with its reason. */
const expected: Record<string, [matching: number, of: number]> = {
  'llama31-8b-quantize-readme': [48, 48],
  'llama3-70b-dranger003': [24, 24],
  'salamandra-2b-instruct': [14, 14],
  'qwen3-4b-lowram': [8, 8],
  'openllama-3b': [6, 6],
  'llama3-8b-scoreboard': [41, 46],
  'openllama-7b': [7, 12],
  'mistral-7b-kld-artefact2': [18, 20],
  'llama2-7b-bpw': [8, 9],
  'llama2-13b-bpw': [8, 9],
  'llama2-70b-bpw': [6, 9],
  'llama2-70b-scoreboard': [9, 13],
  'quantize-help-llama3-8b': [14, 15],
  'quantize-help-llama1-7b': [11, 15],
  'llama1-7b-kquants': [6, 10],
  'llama1-13b-kquants': [2, 6],
  'llama1-13b-kquants-copy': [2, 6],
  'llama1-7b-legacy': [6, 6],
  'llama1-13b-legacy': [6, 6],
  'llama31-disk-sizes': [2, 6],
  'pi5-ai-mirror-2bit-vs-4bit': [1, 4],
  'minillm-lab-comparison': [1, 3],
  'guide-spikes-q4-0-vs-q8-0-size': [2, 2],
};

test('every table with sizes is checked here', () => {
  const ids = publishedTables().filter(hasSizes);
  expect(ids.map(({ id }) => id).sort()).toEqual(Object.keys(expected).sort());
});

describe.each(Object.entries(expected))('%s', (id, [matching, of]) => {
  test(`${matching} of ${of} sizes come out as printed, and the others are known not to`, async () => {
    const checks = await checked(id);
    expect(checks.filter(({ verdict }) => verdict === 'match')).toHaveLength(matching);
    expect(checks).toHaveLength(of);
    expect(checks.filter(({ verdict }) => verdict === 'differs' || verdict === 'not checked')).toEqual([]);
  });
});

test('bits come out to the fourth decimal, with a matrix only where a type needs one', async () => {
  const checks = await checked('llama31-8b-quantize-readme');
  const bits = (row: string) => checks.find((check) => check.row === row && check.column === 'bpw');
  expect(bits('IQ3_XXS')).toMatchObject({ made: ['with a matrix'], otherwise: null });
  expect(bits('IQ3_XXS')?.computed).toBeCloseTo(3.2548, 4);
  expect(bits('IQ4_XS')).toMatchObject({ made: [] });
  expect([bits('IQ4_XS')?.computed, bits('IQ4_XS')?.otherwise].map((value) => value?.toFixed(4))).toEqual(['4.4597', '4.4231']);
});

test('a misprint is held against the right figure, with the printed one beside it', async () => {
  const [misprint] = (await checked('llama3-8b-scoreboard')).filter(({ verdict }) => verdict === 'misprint');
  expect(misprint).toMatchObject({ row: 'q2_K_S WT 10m', published: '2.96', expected: '2.78' });
  expect(misprint?.computed).toBeCloseTo(2.776, 3);
});

async function checked(id: string): Promise<SizeCheck[]> {
  const table = publishedTables().find((one) => one.id === id);
  return table ? await checkSizes(table, tools, new AbortController().signal) : [];
}
