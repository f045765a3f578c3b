import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { type Format, report } from '../../../src/report/index.ts';
import { resultsSchema } from '../../../src/results/schema.ts';
import { resultsWith, rowWith } from '../../support/results.ts';

const base = rowWith('base', 2_000_000_000, 0.000001, 99.99, { kind: 'base', type: 'F16' });

const everything = resultsWith(
  [
    base,
    rowWith('Q8_0', 1_070_000_000, 0.0014, 97.7),
    rowWith('Q4_K_M', 570_000_000, 0.028, 91.9, {
      file: {
        name: 'Tiny-Q4_K_M.gguf',
        bytes: 570_000_000,
        bpw: 4.6,
        sha256: 'cd'.repeat(32),
        fallbacks: [{ tensor: 'blk.0.ffn_down.weight', wanted: 'Q4_K', got: 'Q5_0' }],
        raised: [],
      },
    }),
    rowWith('Q2_K', 350_000_000, 0.33, 71.1),
    rowWith('IQ2_M', 340_000_000, 0.3, 72.3),
    {
      name: 'Q3_K_M',
      kind: 'quant',
      type: 'Q3_K_M',
      imatrix: null,
      marks: ['made from FP8'],
      notMeasured: { file: 'llama-quantize crashed (SIGSEGV)', quality: 'quantize:Q3_K_M failed' },
    },
  ],
  {
    notes: ['The source is quantized already (FP8): every file here is made from rounded weights.'],
    leftOut: [{ type: 'TQ1_0', reason: 'for models trained with ternary weights' }],
    neighbours: [{ better: 'IQ2_M', worse: 'Q2_K', kldDifference: { value: 0.03, low: -0.01, high: 0.07, n: 16 }, verdict: 'tied' }],
    failures: [{ task: 'quantize:Q3_K_M', message: 'llama-quantize crashed (SIGSEGV)' }],
  },
);

describe('report', () => {
  test.each<Format>(['text', 'md', 'csv'])('%s', async (format) => {
    await expect(report(everything, format)).toMatchFileSnapshot(`../../fixtures/reports/everything.${format === 'text' ? 'txt' : format}`);
  });

  test('json is the results, and they fit the schema', () => {
    expect(resultsSchema.parse(JSON.parse(report(everything, 'json')))).toEqual(everything);
  });

  test.each<Format>(['text', 'md', 'csv'])('as %s nothing steers the terminal, and no picture is fetched', (format) => {
    const evil = '\u001b]0;owned\u0007![x](http://tracker.example/x.png)';
    const shown = report({ ...everything, model: evil, notes: [evil], rows: [...everything.rows, rowWith(evil, 1e9, 0.1, 90)] }, format);
    expect(shown).not.toMatch(/\p{Cc}(?<!\n)/u);
    if (format === 'md') expect(shown).not.toContain('![x]');
  });

  test.each([80, 90])('no line of a report is wider than a terminal of %i columns', (width) => {
    const lines = stripVTControlCharacters(report(everything, 'text', { width })).split('\n');
    expect(lines.filter((line) => line.length > width)).toEqual([]);
    expect(lines.join(' ').replace(/\s+/g, ' ')).toContain('every file here is made from rounded weights.');
  });

  test('on a narrow terminal columns are left out by name instead of wrapped', () => {
    const lines = report(everything, 'text', { width: 90 }).split('\n');
    const table = lines.slice(2, lines.indexOf('', 2));
    expect(table.join(' ')).toMatch(/ not enough room for: .*99\.9 % KLD/);
    expect(table[0]).toMatch(/name .*mean KLD .*same top p/);
  });

  test('in CSV further texts have their conditions', () => {
    const [first, ...others] = everything.rows;
    const slices = { code: { ...(base.quality as NonNullable<typeof base.quality>), chunks: 4 } };
    const evaluation = everything.conditions.evaluation;
    const conditions = {
      ...everything.conditions,
      slices: evaluation ? [{ ...evaluation, name: 'code', text: 'code.txt', context: 1024 }] : [],
    };
    const lines = report({ ...everything, conditions, rows: [{ ...(first ?? base), slices }, ...others] }, 'csv').split('\n');
    expect(lines[0]).toMatch(/,text@code,context@code,chunks@code,same_top_p_low,same_top_p_high,pp_n,tg_n,loss,loss_low,loss_high$/);
    expect(lines[1]).toMatch(/,code\.txt,1024,4,[\d.]+,[\d.]+,6,6,[\d.]+,,$/);
    expect(lines[2]).toMatch(/,,,,[\d.]+,[\d.]+,6,6,[\d.]+,,$/);
  });

  test('ratios to a recording that lacks what the text is full of are told', () => {
    const quality = base.quality && { ...base.quality, pplRatio: { value: 1.1606, low: 1.1233, high: 1.1992, n: 8 } };
    const off = { ...everything, rows: [{ ...base, ...(quality ? { quality } : {}) }, ...everything.rows.slice(1)] };
    expect(report(off, 'text')).toContain(
      'PPL ratios on evaluation.txt are off: the base against its own recording has 1.1606 where 1 is right',
    );
    expect(report(everything, 'text')).not.toContain('are off');
  });

  test('a smaller file that is closer to the base is named, a tie is not', () => {
    expect(report(everything, 'text')).toMatch(/Q2_K +1 of 3.5 next tokens changes; beaten by IQ2_M/);
    const tied = resultsWith([base, rowWith('A', 2, 0.3, 70), rowWith('B', 1, 0.2999, 70)].map((row) => withScatter(row)));
    expect(report(tied, 'text')).not.toMatch(/beaten/);
  });

  test('a type that makes the same tensors as another one is called pointless', () => {
    const twins = resultsWith([base, rowWith('Q8_0', 100, 0.001, 98), rowWith('MXFP4_MOE', 100, 0.001, 98)]);
    expect(report(twins, 'text')).toMatch(/MXFP4_MOE +.*pointless here: the same tensors as Q8_0/);
  });

  test('what was not measured is empty in a table, never zero', () => {
    const [head = '', ...rows] = report(everything, 'csv').trim().split('\n');
    const failed = rows.find((row) => row.startsWith('Q3_K_M,'))?.split(',') ?? [];
    const measured = ['bytes', 'ppl', 'kld', 'same_top_p', 'tg_tps', 'chunks'].map((name) => failed[head.split(',').indexOf(name)]);
    expect(measured).toEqual(['', '', '', '', '', '']);
  });

  test('in CSV no name is a formula', () => {
    const named = ['=1+1', '+1+1', '-2+3', '@SUM(1)', 'Q4-0'].map((name) => rowWith(name, 1e9, 0.1, 90));
    const lines = report(resultsWith(named), 'csv').trim().split('\n').slice(1);
    expect(lines.map((line) => line.split(',')[0])).toEqual(["'=1+1", "'+1+1", "'-2+3", "'@SUM(1)", 'Q4-0']);
    const negative = rowWith('base', 1e9, -0.000001, 99.99);
    expect(report(resultsWith([negative]), 'csv')).toContain(',-0.000001,');
  });

  test('in CSV speeds of too few rounds for bounds have their number', () => {
    const row = rowWith('Q4_0', 1e9, 0.1, 90);
    const { low: _low, high: _high, ...speed } = row.generationSpeed ?? { value: 0, samples: [], from: '', to: '', noisy: false };
    const [head = '', line = ''] = report(resultsWith([{ ...row, generationSpeed: { ...speed, n: 3 } }]), 'csv').split('\n');
    expect(line.split(',')[head.split(',').indexOf('tg_low')]).toBe('');
    expect([head, line].map((cells) => cells.split(',').at(-4))).toEqual(['tg_n', '3']);
  });
});

/** Blocks that scatter so much that no difference between two rows can be seen. */
function withScatter(row: ReturnType<typeof rowWith>): ReturnType<typeof rowWith> {
  if (!row.quality) return row;
  const noise = row.name === 'A' ? 1 : -1;
  const blocks = row.quality.blocks.map((block, i) => ({ ...block, kld: block.kld + (i % 2 === 0 ? 0.1 : -0.1) * noise }));
  return { ...row, quality: { ...row.quality, blocks } };
}
