import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { report } from '../../../src/report/index.ts';
import type { GateVerdict, Results } from '../../../src/results/schema.ts';
import { resultsWith, rowWith } from '../../support/results.ts';

function verdict(outcome: GateVerdict['outcome'], metric: string, more: Partial<GateVerdict> = {}): GateVerdict {
  return { metric, quant: 'Q4_K_M', level: 'fail', outcome, evidence: `evidence of ${metric}`, ...more };
}

function judged(...gates: GateVerdict[]): Results {
  return resultsWith([rowWith('Q4_K_M', 5e6, 0.03, 92)], gates.length > 0 ? { gates } : {});
}

const mixed = judged(
  verdict('pass', 'bytes'),
  verdict('warn', 'kld', { text: 'code' }),
  verdict('pass', 'ppl_ratio', { builtIn: true }),
  verdict('fail', 'must', { prompt: 'capital' }),
  verdict('unjudged', 'tg_tps'),
);

test('the text has the verdicts at its end, the worst first; built-in ones that pass are only counted', () => {
  const text = stripVTControlCharacters(report(mixed, 'text'));
  const lines = text.slice(text.indexOf('Gates:')).trimEnd().split('\n');
  expect(lines[0]).toBe('Gates: 1 fails, 1 cannot be judged, 1 warns, 2 pass (1 built in).');
  expect(lines.slice(3).map((line) => line.split(/ {2,}/))).toEqual([
    ['FAIL', 'must "capital"', 'Q4_K_M', 'evidence of must'],
    ['NOT JUDGED', 'tg_tps', 'Q4_K_M', 'evidence of tg_tps'],
    ['WARN', 'kld@code', 'Q4_K_M', 'evidence of kld'],
    ['pass', 'bytes', 'Q4_K_M', 'evidence of bytes'],
  ]);
});

test('a narrow terminal wraps the evidence', () => {
  const long = judged(verdict('fail', 'kld', { evidence: 'word '.repeat(40).trim() }));
  const text = stripVTControlCharacters(report(long, 'text', { width: 80 }));
  const lines = text.slice(text.indexOf('Gates:')).split('\n');
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
});

test('of many verdicts a terminal has those that do not pass', () => {
  const many = judged(verdict('fail', 'kld'), ...Array.from({ length: 50 }, (_, i) => verdict('pass', `bytes${i}`)));
  const text = stripVTControlCharacters(report(many, 'text'));
  expect(text).toContain('evidence of kld');
  expect(text).not.toContain('evidence of bytes7');
  expect(text).toContain('50 that pass are not shown');
  expect(report(many, 'md')).toContain('evidence of bytes7');
});

test('Markdown has them before the files', () => {
  const text = report(mixed, 'md');
  expect(text).toContain('| FAIL | must "capital" | Q4_K_M | evidence of must |');
  expect(text.indexOf('## Gates')).toBeLessThan(text.indexOf('## All rows'));
});

test.each([
  ['Failed: 1 gate', mixed],
  ['Not judged: 1 gate', judged(verdict('unjudged', 'kld'), verdict('warn', 'kld'))],
  ['Passed with 1 warning', judged(verdict('warn', 'kld'), verdict('pass', 'kld'))],
  ['>Passed<', judged(verdict('pass', 'kld'))],
  ['>Complete<', judged()],
])('the page begins with "%s"', (word, results) => {
  const page = report(results, 'html');
  expect(page).toContain(word);
  expect(page.includes('id="gates"')).toBe(results.gates !== undefined);
});

test('what comes from outside is escaped', () => {
  const page = report(judged(verdict('fail', 'must', { prompt: '<img src=x>', evidence: '<script>alert(1)</script>' })), 'html');
  expect(page).not.toContain('<script>alert');
  expect(page).not.toContain('<img src=x>');
});
