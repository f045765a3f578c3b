import { describe, expect, test } from 'vitest';
import { report } from '../../../src/report/index.ts';
import { samplesReport } from '../../../src/report/samples.ts';
import type { ResultRow, Results, Sample } from '../../../src/results/schema.ts';
import { resultsWith, rowWith } from '../../support/results.ts';

const prompts = [
  { name: 'sky', text: 'Why is the sky blue?' },
  { name: 'code', text: 'user: Write code.\nassistant: In which language?\nuser: C' },
];

const said = (prompt: string, text: string, more: Partial<Sample> = {}): Sample => ({
  prompt,
  text,
  tokens: text.split(' ').length,
  seconds: 0.5,
  ended: true,
  repetition: 0,
  marks: [],
  ...more,
});

const code = 'Here it is:\n```c\nint main() {}\n```';
const row = (name: string, samples: Sample[], more: Partial<ResultRow> = {}) => rowWith(name, 1e9, 0.01, 95, { samples, ...more });
const same = { firstDifference: null };

const results = resultsWith(
  [
    row('base', [said('sky', 'Because of the air.'), said('code', code)], { kind: 'base', type: 'F16' }),
    row('Q8_0', [said('sky', 'Because of the air.', same), said('code', code, same)]),
    row('Q2_K', [
      said('sky', 'Because of its\u001b[31m sea.', { firstDifference: { token: 2, character: 10 } }),
      said('code', 'no no no no', { firstDifference: { token: 0, character: 0 }, ended: false, marks: ['repeats itself', 'does not end'] }),
    ]),
    rowWith('Q3_K_M', 1e9, 0.01, 95, { notMeasured: { samples: 'llama-completion crashed (SIGSEGV)' } }),
  ],
  { prompts: { tokens: 64, threads: 4, template: "the model's own chat template", prompts } },
);

test('in a terminal every answer is there once, with the rows that give it', async () => {
  await expect(samplesReport(results, 60)).toMatchFileSnapshot('../../fixtures/reports/samples.txt');
});

test('in Markdown they are in a part that opens on demand, whatever they hold', async () => {
  const text = report(results, 'md');
  await expect(text.slice(text.indexOf('<details>'))).toMatchFileSnapshot('../../fixtures/reports/samples.md');
});

describe('in the report of a run', () => {
  const line = (name: string, of: Results) =>
    report(of, 'text')
      .split('\n')
      .find((one) => one.startsWith(`${name} `) && one.includes('samples'));

  test('a line says how many answers are the base’s, and how soon the others leave it', () => {
    expect(line('Q8_0', results)).toMatch(/samples: 2 of 2 as the base's$/);
    expect(line('Q2_K', results)).toMatch(/samples: 0 of 2 as the base's, first difference at once, 1 repeats itself, 1 does not end$/);
    expect(line('Q3_K_M', results)).toMatch(/samples not measured: llama-completion crashed \(SIGSEGV\)/);
  });

  test('of another model only what is wrong with its answers is told', () => {
    const other = resultsWith(
      [results.rows[0], row('other', [said('sky', '', { marks: ['says nothing'] })])].flatMap((one) => one ?? []),
      {
        ...(results.prompts ? { prompts: results.prompts } : {}),
      },
    );
    expect(line('other', other)).toMatch(/samples: 1 says nothing$/);
  });

  test('the conditions say what was asked, how, and that an early difference is no error', () => {
    expect(report(results, 'text')).toMatch(
      /Samples: 2 prompts through the model's own chat template, each answered greedily with 64 tokens at most, on 4 threads\. .*no error\./,
    );
  });
});

test('no line of a terminal is wider than it, in languages without spaces too', () => {
  const long = said('sky', `${'日本語'.repeat(60)} ${'word '.repeat(40)}`);
  const lines = samplesReport(resultsWith([row('base', [long])], results.prompts ? { prompts: results.prompts } : {}), 60).split('\n');
  const ofAnswer = lines.filter((one) => /^ {4}\S/.test(one));
  expect(ofAnswer.length).toBeGreaterThan(8);
  expect(ofAnswer.join('').replaceAll(' ', '')).toBe(long.text.replaceAll(' ', ''));
  for (const one of ofAnswer) expect([...one].reduce((sum, letter) => sum + (letter > '\u2e80' ? 2 : 1), 0)).toBeLessThanOrEqual(60);
});

describe('without any answer', () => {
  const asked = { tokens: 64, threads: 4, template: null, prompts: prompts.slice(0, 1) };
  const failed = resultsWith(
    [
      rowWith('base', 1e9, 0, 100, { kind: 'base', samples: [] }),
      rowWith('Q8_0', 1e9, 0.01, 95, { notMeasured: { samples: 'llama-completion crashed' } }),
    ],
    { prompts: asked },
  );

  test('a list of none is not measured, and nothing is said to have been answered', () => {
    const text = samplesReport(failed);
    expect(text).toMatch(/^base +not measured: not run$/m);
    expect(text).toMatch(/^Q8_0 +not measured: llama-completion crashed\n$/m);
    expect(text).not.toMatch(/0 tokens|0\.0 s|\n\n\n/);
    for (const format of ['text', 'md', 'html'] as const) expect(report(failed, format)).not.toMatch(/answered greedily/);
    expect(report(failed, 'md')).not.toContain('<details>\n<summary>Samples');
    expect(report(failed, 'text')).not.toMatch(/\n\n\n/);
  });

  test('one prompt is asked as it is', () => {
    const one = { ...failed, rows: [row('base', [said('sky', 'So.')], { kind: 'base' })] };
    expect(report(one, 'text')).toContain('Samples: 1 prompt as it is, without a chat template');
    expect(report(one, 'text')).not.toMatch(/\n\n\n/);
  });
});
