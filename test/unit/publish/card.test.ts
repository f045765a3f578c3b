import { describe, expect, test } from 'vitest';
import type { BuildRow } from '../../../src/publish/build.ts';
import { modelCard } from '../../../src/publish/card/card.ts';
import type { CardFacts } from '../../../src/publish/card/facts.ts';
import { cardFields, cardParts } from '../../../src/publish/card/front-matter.ts';
import { inherited } from '../../../src/publish/card/licence.ts';
import type { Results } from '../../../src/results/schema.ts';
import { destination } from '../../support/publish-lab.ts';
import { resultsWith, rowWith } from '../../support/results.ts';

const commit = 'c0ffee'.padEnd(40, '0');
const base = { what: 'model', type: 'model' as const, repo: 'meta/Tiny', revision: 'main', commit };
const baseCard =
  '---\nlicense: other\nlicense_name: llama2\nlicense_link: LICENSE\nlanguage: [en, de]\npipeline_tag: text-generation\n---\n# Tiny\n';
const chatml =
  "{% for m in messages %}{{ '<|' + m['role'] + '|>' + m['content'] }}{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}";

function row(name: string, parts = 1): BuildRow {
  const number = (n: number) => String(n).padStart(5, '0');
  const path = (i: number) => (parts === 1 ? `Tiny-${name}.gguf` : `${name}/Tiny-${name}-${number(i + 1)}-of-${number(parts)}.gguf`);
  const files = Array.from({ length: parts }, (_, i) => ({ path: path(i), sha256: `${i}`.repeat(64), size: 1e9, content: { path: '' } }));
  return { name, tag: name, row: rowWith(name, parts * 1e9, name === 'Q8_0' ? 0.001 : 0.05, 97), files };
}

function facts(changes: Partial<CardFacts> = {}, results: Partial<Results> = {}): CardFacts {
  const rows = [row('Q8_0', 2), row('Q4_K_M')];
  return {
    results: resultsWith(
      rows.map((one) => one.row),
      { sources: [base], ...results },
    ),
    destination: destination(),
    rows,
    inherited: inherited(baseCard, { metadata: new Map() }),
    hasAdapter: false,
    template: { source: chatml, bos: '', eos: '' },
    calibration: 'ca'.repeat(32),
    beside: ['Modelfile', 'qpipe.yaml', 'charts/divergence-by-size.svg'],
    ...changes,
  };
}

const card = (of = facts(), there = of.rows, existing: string | null = null) => modelCard(of, there, existing);

describe('the fields of a card', () => {
  test('name the base and its licence, as its own card has it', () => {
    expect(cardFields(card())).toEqual({
      base_model: ['meta/Tiny'],
      base_model_relation: 'quantized',
      license: 'other',
      license_name: 'llama2',
      license_link: `https://huggingface.co/meta/Tiny/blob/${commit}/LICENSE`,
      language: ['en', 'de'],
      pipeline_tag: 'text-generation',
      library_name: 'gguf',
      quantized_by: 'me',
      tags: ['gguf', 'llama-cpp', 'quantized', 'imatrix'],
    });
  });

  test('link the licence where its text is', () => {
    const link = (of: CardFacts) => cardFields(card(of))['license_link'];
    expect(link(facts({ beside: ['LICENSE'] }))).toBe('LICENSE');
    expect(link(facts({}, { sources: [] }))).toBeUndefined();
  });

  test("take the licence from the GGUF where there is no card, and never relax the base's", () => {
    const metadata = new Map([['general.license', 'apache-2.0']]);
    expect(cardFields(card(facts({ inherited: inherited(null, { metadata }) })))).toMatchObject({ license: 'apache-2.0' });
    const relaxed = '---\nlicense: mit\nmine: 1\n---\n';
    expect(cardFields(card(facts(), [], relaxed))).toMatchObject({ license: 'other', license_name: 'llama2', mine: 1 });
  });

  test('leave a licence that people wrote where the base says none, and say that it says none', () => {
    const of = facts({ inherited: inherited('# nothing', { metadata: new Map() }) });
    expect(cardFields(card(of, [], '---\nlicense: mit\n---\n'))).toMatchObject({ license: 'mit' });
    expect(card(of)).toContain('says nothing of its licence');
  });

  test('call weights that are nowhere on the Hub what they are: a fine-tune of what they were made from', () => {
    const of = facts({ inherited: inherited('---\nbase_model: meta/Tiny\n---\n', { metadata: new Map() }) }, { sources: [] });
    expect(cardFields(card(of))).toMatchObject({ base_model: ['meta/Tiny'], base_model_relation: 'finetune' });
    const merged = facts({ hasAdapter: true });
    expect(cardFields(card(merged))).toMatchObject({ base_model: ['meta/Tiny'], base_model_relation: 'finetune' });
    const lora = { ...base, what: 'adapter', repo: 'me/lora' };
    const published = facts({ hasAdapter: true }, { sources: [base, lora] });
    expect(cardFields(card(published))).toMatchObject({ base_model: ['me/lora'], base_model_relation: 'quantized' });
    expect(cardFields(card(facts({}, { sources: [] })))).not.toHaveProperty('base_model');
  });
});

describe('the text of a card', () => {
  test('links no file that is not there', () => {
    const links = (text: string) => [...text.matchAll(/\]\((?!https:)([^)]+)\)/g)].map(([, path]) => path);
    expect(links(card(facts(), facts().rows.slice(1)))).toEqual([
      'Tiny-Q4_K_M.gguf',
      'charts/divergence-by-size.svg',
      'qpipe.yaml',
      'SHA256SUMS',
    ]);
    expect(card(facts(), facts().rows.slice(1))).toContain('More files are on their way');
    expect(links(card(facts({ beside: [] })))).toEqual(['Q8_0/Tiny-Q8_0-00001-of-00002.gguf', 'Tiny-Q4_K_M.gguf', 'SHA256SUMS']);
  });

  test('has the commit of the base, the build, every digest, and commands that name what is there', () => {
    const text = card();
    expect(text).toContain(`[meta/Tiny](https://huggingface.co/meta/Tiny/tree/${commit}) at commit \`${commit}\``);
    expect(text).toContain('v0.5.0 (de3ff81), native CPU build');
    expect(text).toContain('ca'.repeat(32));
    for (const digest of ['0', '1']) expect(text).toContain(digest.repeat(64));
    expect(text).toContain('llama-cli -hf me/Tiny-GGUF:Q4_K_M');
    expect(text).toContain('hf download me/Tiny-GGUF Tiny-Q4_K_M.gguf --local-dir .');
    expect(text).toContain('<|system|>{system prompt}<|user|>{prompt}<|assistant|>');
    expect(text).toContain('qpipe run qpipe.yaml\n');
    expect(text).toContain('all parts are needed');
  });

  test('keeps what people wrote, and is the same once more', () => {
    const of = facts();
    const first = card(of);
    const edited = first.replace('<!-- qpipe:end files -->', '<!-- qpipe:end files -->\n\nBy hand.');
    expect(cardParts(card(of, of.rows, edited)).body).toContain('<!-- qpipe:end files -->\n\nBy hand.');
    expect(card(of, of.rows, first)).toBe(first);
  });

  test('of a folder names no repo', () => {
    const { rows, splitOver, texts, card: words, at } = destination();
    const of = facts({ destination: { kind: 'folder', path: '/srv', keep: 3, rows, splitOver, texts, card: words, at } });
    expect(card(of)).toContain('llama-cli -m Tiny-Q4_K_M.gguf');
    expect(card(of)).not.toContain('hf download');
  });
});
