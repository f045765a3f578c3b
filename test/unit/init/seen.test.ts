import { mkdirSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { hasTemplate, licenceOf } from '../../../src/init/card.ts';
import { namedModel, nameOf } from '../../../src/init/named-model.ts';
import { activeWeights, unevenRows, unpacked, weightsIn } from '../../../src/init/shapes.ts';
import { textNamed } from '../../../src/init/texts.ts';
import { chunksIn, quantsIn, yesOrNo } from '../../../src/init/wishes.ts';
import { workspace } from '../../support/workspace.ts';
import { machine } from './model.ts';

const space = workspace();
afterAll(() => space[Symbol.dispose]());

describe('shapes', () => {
  const dense = [
    { name: 'token_embd.weight', shape: [100, 1000] },
    { name: 'blk.0.attn_q.weight', shape: [100, 100] },
    { name: 'output_norm.weight', shape: [100] },
  ];

  test('embeddings that serve as output are at work for each token; others only look a row up', () => {
    expect(activeWeights(dense, { experts: 0, used: 0 })).toBe(weightsIn(dense));
    const untied = [...dense, { name: 'output.weight', shape: [100, 1000] }];
    expect(weightsIn(untied) - activeWeights(untied, { experts: 0, used: 0 })).toBe(100_000);
  });

  test('of experts only some are at work', () => {
    const mixed = [...dense, { name: 'blk.0.ffn_up_exps.weight', shape: [100, 50, 8] }];
    expect(weightsIn(mixed) - activeWeights(mixed, { experts: 8, used: 2 })).toBe(30_000);
  });

  test('rows that blocks of 256 do not divide, by their share of what is quantized', () => {
    expect(
      unevenRows([
        { name: 'a', shape: [512, 4] },
        { name: 'norm', shape: [7] },
      ]),
    ).toBeNull();
    expect(
      unevenRows([
        { name: 'a', shape: [512, 3] },
        { name: 'b', shape: [128, 4] },
      ]),
    ).toEqual({ share: 0.25, row: 128 });
  });

  test('weights that lie packed in one number are all counted, and scales are not', () => {
    const gptq = ['qweight', 'qzeros', 'scales', 'g_idx'].map((name) => ({ name: `layers.0.q_proj.${name}`, shape: [512, 10] }));
    expect(weightsIn(gptq.flatMap((tensor) => unpacked(tensor, 4)))).toBe(512 * 10 * 8);
    const mxfp4 = ['down_proj_blocks', 'down_proj_scales'].map((name) => ({ name, shape: [512, 10] }));
    expect(weightsIn(mxfp4.flatMap((tensor) => unpacked(tensor, 4)))).toBe(512 * 10 * 2);
  });
});

describe('the card', () => {
  test.each([
    ['---\nlicense: apache-2.0\n---\n# A model', 'apache-2.0'],
    ['---\r\nlicense: other\r\nlicense_name: llama3\r\n---\r\n', 'llama3'],
    ['---\nlicense:\n- mit\n- other\n---\n', 'mit'],
    ['---\nlicense: [mit\n---\n', null],
    ['---\nlicense: { a: 1 }\n---\n', null],
    ['# A model\n\nlicense: mit', null],
    ['---\n- mit\n---\n', null],
  ])('%j has the licence %s', (card, licence) => {
    space.write('card/README.md', card);
    expect(licenceOf(space.path('card'))).toBe(licence);
  });

  test('a folder without one has no licence and no template', () => {
    mkdirSync(space.path('empty'), { recursive: true });
    expect(licenceOf(space.path('empty'))).toBeNull();
    expect(hasTemplate(space.path('empty'))).toBe(false);
  });

  test.each([
    ['tokenizer_config.json', '{"chat_template": "{{ messages }}"}', true],
    ['tokenizer_config.json', '{"chat_template": [{"name": "default"}]}', true],
    ['tokenizer_config.json', '{"chat_template": null}', false],
    ['chat_template.jinja', '{{ messages }}', true],
  ])('a template in %s: %s', (file, text, has) => {
    space.write(`template-${file}-${has}-${text.length}/${file}`, text);
    expect(hasTemplate(space.path(`template-${file}-${has}-${text.length}`))).toBe(has);
  });
});

describe('what is named', () => {
  test.each([
    ['owner/Name', { kind: 'repo', repo: 'owner/Name', revision: null, file: null }, 'name'],
    ['owner/Name@v1', { kind: 'repo', repo: 'owner/Name', revision: 'v1', file: null }, 'name'],
    ['owner/Name-GGUF:Q8_0', { kind: 'repo', repo: 'owner/Name-GGUF', revision: null, file: 'Q8_0' }, 'name-gguf'],
  ])('%s', (written, model, name) => {
    expect(namedModel(written)).toEqual(model);
    expect(nameOf(namedModel(written))).toBe(name);
  });

  test('what is here comes before the Hub', () => {
    mkdirSync(space.path('My Model'), { recursive: true });
    const gguf = space.write('Demo-Q4_K_M-00001-of-00002.gguf', '');
    expect(namedModel(space.path('My Model'))).toEqual({ kind: 'folder', path: space.path('My Model') });
    expect(nameOf(namedModel(space.path('My Model')))).toBe('my-model');
    expect(namedModel(gguf)).toEqual({ kind: 'gguf', path: gguf });
    expect(nameOf(namedModel(gguf))).toBe('demo-q4_k_m');
  });

  test('a snapshot in the cache has the name of its repo', () => {
    const snapshot = space.path('models--owner--Name/snapshots/abc');
    mkdirSync(snapshot, { recursive: true });
    expect(nameOf(namedModel(snapshot))).toBe('name');
  });

  test('nothing, a text, a folder of GGUFs are refused with what can be named', () => {
    space.write('ggufs/Demo-Q8_0.gguf', '');
    expect(() => namedModel('./nothing')).toThrow('./nothing does not exist here');
    expect(() => namedModel(space.write('text.txt', 'x'))).toThrow('neither a folder with weights nor a .gguf file');
    expect(() => namedModel(space.path('ggufs'))).toThrow(/say which one, such as .*Demo-Q8_0\.gguf/);
  });
});

describe('answers', () => {
  test.each([
    ['Q4_K_M,q8_0', 'Q4_K_M Q8_0'],
    ['q4_k, Q4_K_M  Q8_0', 'Q4_K_M Q8_0'],
    ['legacy', 'Q4_0 Q4_1 Q5_0 Q5_1 Q8_0'],
  ])('types: %s', (written, types) => {
    expect(quantsIn(written, machine()).join(' ')).toBe(types);
  });

  test('types that do not exist, and none at all, are refused', () => {
    expect(() => quantsIn('Q4_K_X', machine())).toThrow(/no type `Q4_K_X`; did you mean `Q4_K/);
    expect(() => quantsIn(' , ', machine())).toThrow('at least one type');
  });

  test('chunks, and yes or no', () => {
    expect([chunksIn('64'), chunksIn('all'), yesOrNo('y'), yesOrNo('No')]).toEqual([64, 'all', true, false]);
    for (const wrong of ['1', '2.5', 'many', '']) expect(() => chunksIn(wrong)).toThrow('whole number');
    expect(() => yesOrNo('perhaps')).toThrow('y or n');
  });

  test('texts', () => {
    const file = space.write('mine.txt', 'some text');
    expect(textNamed(file, 'evaluation')).toEqual({ name: file, bytes: 9 });
    expect(textNamed('wikitext-2', 'evaluation')).toMatchObject({ name: 'wikitext-2' });
    expect(textNamed('none', 'calibration')).toBe('none');
    expect(() => textNamed('wikitext', 'evaluation')).toThrow(/name a file, wikitext-2/);
    expect(() => textNamed(space.write('theirs.gguf', 'x'), 'calibration')).toThrow('is no text');
  });
});
