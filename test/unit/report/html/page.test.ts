import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { conditionsLine } from '../../../../src/report/conditions-line.ts';
import { report } from '../../../../src/report/index.ts';
import type { Results } from '../../../../src/results/schema.ts';
import { resultsSchema } from '../../../../src/results/schema.ts';
import { manyResults } from '../../../support/many-results.ts';
import { resultsWith, rowWith } from '../../../support/results.ts';

/** report.html as text; how browsers take it is tested with a browser. */
const many = manyResults();
const page = report(many, 'html');

test('the results of the test are results', () => void expect(resultsSchema.parse(many)).toEqual(many));

describe('the page of 34 types', () => {
  test('is one file below 500 KB that names no other', () => {
    expect(Buffer.byteLength(page)).toBeLessThan(500_000);
    expect(page.match(/\b(src|href|action)="(?!#)[^"]*"/g)).toBeNull();
    expect(page).not.toMatch(/@import|url\(|<(link|img|iframe|object|embed|base)\b/);
  });

  test('says the verdict, then what to use, what is worth having, the chart and the table', () => {
    const order = [
      'class="verdict"',
      'id="use"',
      'id="worth-having"',
      'id="divergence-by-size"',
      'id="rows"',
      'id="speed"',
      'id="samples"',
    ];
    const places = order.map((mark) => page.indexOf(mark));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  test('has every section, and says of none that it was not measured', () => {
    const titles = [...page.matchAll(/<h2[^>]*>([^<]*)<\/h2>/g)].map(([, title]) => title);
    expect(titles).toEqual([
      'Use this',
      'Files worth having',
      'Divergence against size',
      'All rows',
      'From the typical token to the worst',
      'Speed',
      'Memory and load',
      'By text',
      'Questions with given answers',
      'Weights or arithmetic',
      'Samples side by side',
      'Tensor types and importance matrix',
      'Hours spent',
      'Conditions and provenance',
      'Commands to repeat it',
      'Failures and notes',
    ]);
  });

  test('has a row for the noise floor and one for each type, with who beats it', () => {
    const table = page.slice(page.indexOf('id="rows"'), page.indexOf('</table>', page.indexOf('id="rows"')));
    expect(table.match(/<tr class="[^"]*" data-row=/g)).toHaveLength(35);
    expect(table).toMatch(/<tr class="floor" data-row="base">[\s\S]*?noise floor/);
    expect(table).toMatch(/<tr class="beaten" data-row="Q2_K">[\s\S]*?beaten by/);
  });

  test('gives every table and chart its conditions', () => {
    const tables = page.match(/<table [^>]*>/g) ?? [];
    expect(tables.length).toBeGreaterThan(15);
    for (const table of tables) expect(table).toMatch(/data-conditions="[^"]{40,}"/);
    for (const [svg] of page.matchAll(/<svg id="[\s\S]*?<\/svg>/g)) expect(svg).toContain('class="foot"');
    expect(page).toContain(`id="conditions">${conditionsLine(many)}</p>`);
  });

  test('marks the first word that differs, and says where nothing does', () => {
    expect(page).toMatch(/characters as the base\] … <\/span><span class="same">[^<]*<\/span><mark>[^<]+<\/mark>/);
    expect(page).toContain('as the base, to the end');
    expect(page).toMatch(/⚑ repeats itself, does not end/);
  });
});

describe('its policy', () => {
  test('lets run and look what is in the page, by its digest, and nothing else', () => {
    const policy = decoded(/Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? '');
    const inline = [...page.matchAll(/<(?:style|script)[^>]*>([\s\S]*?)<\/(?:style|script)>/g)].map(([, text = '']) => text);
    expect(inline).toHaveLength(3);
    for (const text of inline) expect(policy).toContain(`'sha256-${createHash('sha256').update(text).digest('base64')}'`);
    expect(policy).toMatch(/^default-src 'none';/);
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
  });

  test('has nothing to forbid: no style or handler is written into an element', () => {
    expect(page).not.toMatch(/<[^>]+\s(style|on\w+)="/);
  });
});

test('what names, texts and messages hold is text, never markup', () => {
  const evil = '</script></style><img src=x onerror=alert(1)>"\'';
  const text = report(poisoned(many, evil), 'html');
  expect(text.match(/<script/g)).toHaveLength(1);
  expect(text).not.toMatch(/<img|<\/style>["']/);
  expect(text.split('onerror=').length).toBeGreaterThan(100);
});

describe('a page of little', () => {
  const failed = rowWith('Q4_0', 1e9, 0.05, 90, { notMeasured: { samples: 'llama-completion crashed (SIGSEGV)' } });
  const base = rowWith('base', 2e9, 0.000001, 99.99, { kind: 'base', type: 'F16' });

  test('says of each part that is absent why', () => {
    const text = report(resultsWith([base, failed]), 'html');
    const [, absent = ''] = text.split('id="not-measured"');
    expect(absent).toContain('<dt>Samples</dt><dd>not measured: llama-completion crashed (SIGSEGV)</dd>');
    expect(absent).toContain('<dt>Load and memory</dt><dd>not measured: the pipeline does not ask for it</dd>');
    expect(absent).toContain('<dt>Recommendations</dt><dd>not measured: the pipeline names no device</dd>');
    expect(absent).not.toContain('<dt>Quality</dt>');
  });

  test('tells failures first and last', () => {
    const text = report(resultsWith([base, failed], { failures: [{ task: 'quantize:Q2_K', message: 'the disk is full' }] }), 'html');
    expect(text).toMatch(/badge bad">Failed in part: 1 task</);
    expect(text).toMatch(/<b>quantize:Q2_K<\/b>: the disk is full/);
  });

  test('calls a run without all its qualities incomplete', () => {
    const { quality: _, ...unmeasured } = failed;
    expect(report(resultsWith([base, unmeasured]), 'html')).toMatch(/badge warn">Incomplete: 1 row without quality</);
  });

  test('calls a perplexity that no model has what it is', () => {
    expect(report(resultsWith([base], { basePpl: { value: 85_000, n: 16 } }), 'html')).toContain('very high: is this the model');
  });

  test('a rendered page is the same each time', () => void expect(report(manyResults(), 'html')).toBe(page));
});

test('says how the machine was, and what it does not tell', () => {
  expect(page).toContain(
    'governor performance; power mains; temperature 48 to 71 °C; frequency 4200 to 5100 MHz; load not told by the machine; others kept at most 0.1 cores busy',
  );
});

test('an answer that is compared with none is shown whole', () => {
  const rows = many.rows.map((row) => ({
    ...row,
    samples: row.samples?.map(({ firstDifference: _, ...sample }) => sample),
  })) as Results['rows'];
  const text = report({ ...many, rows }, 'html');
  expect(text).not.toContain('as the base, to the end');
  expect(text).toContain('<summary>story: 34 answers');
});

test('long answers to many prompts are cut, and say so, rather than make the page too large to mail', () => {
  const prompts = Array.from({ length: 8 }, (_, i) => ({ name: `prompt ${i}`, text: 'What then? '.repeat(20) }));
  const answers = (name: string) => prompts.map((prompt) => ({ ...longAnswer(name), prompt: prompt.name }));
  const rows = many.rows.map((row) => ({ ...row, samples: answers(row.name) }));
  const long = { ...many, rows, prompts: { tokens: 512, threads: 8, template: null, prompts }, work: workOf(many) };
  const text = report(long, 'html');
  expect(Buffer.byteLength(text)).toBeLessThan(500_000);
  expect(text).toMatch(/… \[\d+ more characters\]/);
});

test('commands are copied with their conditions, and grouped', () => {
  const work = [
    { operation: 'bench', task: 'bench:Q8_0:1', tasks: 6, seconds: 7200, commands: ["llama-bench -m 'a file.gguf'"] },
    { operation: 'quantize', task: 'quantize:Q8_0', tasks: 1, seconds: 60, commands: ['llama-quantize in.gguf out.gguf Q8_0'] },
  ];
  const text = report({ ...many, work }, 'html');
  expect(text).toMatch(/bench:Q8_0:1 <span class="soft">and 5 more alike/);
  expect(text).toMatch(/<pre id="command-0" tabindex="0">llama-bench -m &#39;a file.gguf&#39;<\/pre><button[^>]*data-of="command-0"/);
  expect(text).toMatch(/<th scope="row">bench<\/th><td>2 h 00 min<\/td><td>n=6<\/td><td>20 min 00 s<\/td>/);
});

function longAnswer(name: string) {
  const text = `Because ${name} says so, and then goes on. `.repeat(40);
  return {
    text,
    tokens: 512,
    seconds: 30.4,
    firstDifference: { token: 3, character: 8 },
    ended: false,
    repetition: 0.9,
    marks: ['repeats itself'],
  };
}

function workOf({ rows }: Results): NonNullable<Results['work']> {
  const command = (name: string) => `llama-quantize --imatrix imatrix.gguf model.gguf quant.gguf ${name} 8`;
  return rows.map(({ name }) => ({ operation: 'quantize', task: `quantize:${name}`, tasks: 1, seconds: 60, commands: [command(name)] }));
}

/** Every text that comes from outside has it in it. */
function poisoned(results: Results, evil: string): Results {
  const known = new Set([
    'base',
    'quant',
    'compare',
    'cache',
    'hellaswag',
    'tied',
    'significant',
    'model',
    'quality',
    'balanced',
    'speed',
    'memory bandwidth',
  ]);
  return JSON.parse(JSON.stringify(results), (key, value) =>
    typeof value === 'string' && !known.has(value) && !['from', 'to', 'startedAt', 'commit'].includes(key) ? `${value}${evil}` : value,
  ) as Results;
}

function decoded(text: string): string {
  return text.replaceAll('&#39;', "'");
}
