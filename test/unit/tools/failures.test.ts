import { describe, expect, test } from 'vitest';
import { benchFailures } from '../../../src/tools/failures/bench.ts';
import { completionFailures } from '../../../src/tools/failures/completion.ts';
import { convertFailures } from '../../../src/tools/failures/convert.ts';
import { explain, type Pattern } from '../../../src/tools/failures/explain.ts';
import { imatrixFailures } from '../../../src/tools/failures/imatrix.ts';
import { perplexityFailures } from '../../../src/tools/failures/perplexity.ts';
import { quantizeFailures } from '../../../src/tools/failures/quantize.ts';
import { common, machine, own, type Sample } from './failure-samples.ts';
import { withCrlf } from './recorded.ts';

const lists = {
  convert: convertFailures,
  quantize: quantizeFailures,
  imatrix: imatrixFailures,
  perplexity: perplexityFailures,
  bench: benchFailures,
  completion: completionFailures,
};
const tools = Object.keys(lists) as (keyof typeof lists)[];

function samplesOf(tool: keyof typeof lists): Sample[] {
  return [...own[tool], ...machine, ...(tool === 'convert' ? [] : common)];
}

describe.each(tools)('%s', (tool) => {
  const samples = samplesOf(tool);

  test.each(samples)('%j', (printed, sentence) => {
    expect(explain(lists[tool], printed)).toBe(sentence);
    expect(explain(lists[tool], withCrlf({ stdout: '', stderr: printed }).stderr)).toBe(sentence);
  });

  test('has a sample for each of its patterns, found by that one', () => {
    const found = new Set(samples.map(([printed]) => firstOf(lists[tool], printed)));
    expect(lists[tool].filter((pattern) => !found.has(pattern)).map(([expression]) => expression.source)).toEqual([]);
  });
});

test('twenty failures and more are known, each in one line that a sentence can go on with', () => {
  const sentences = [...new Set(tools.flatMap((tool) => samplesOf(tool).map(([, sentence]) => sentence)))];
  expect(sentences.length).toBeGreaterThan(20);
  for (const sentence of sentences) expect(sentence).toMatch(/^[^A-Z\n]?[^\n]*[^.\n]$/);
});

/** The pattern that a text is explained with. */
function firstOf(list: Pattern[], printed: string): Pattern | undefined {
  return list.find((pattern) => explain([pattern], printed) !== undefined);
}
