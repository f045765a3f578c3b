import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sourceProblems } from '../../../src/facts/source-problems.ts';
import { loadPipelineText } from '../../../src/pipeline/load.ts';
import { oddConfigs } from '../../support/adapter-configs.ts';
import { baseTensors, loraTensors, type Tensors, type WrittenAdapter, writeAdapter, writeBase } from '../../support/adapters.ts';
import { type Workspace, workspace } from '../../support/workspace.ts';

let space: Workspace;
beforeEach(() => {
  space = workspace();
  writeBase(space);
});
afterEach(() => space[Symbol.dispose]());

/** Messages with their fixes, all at the adapter's place. */
function problems(more: object = {}, ofModel: object = {}): string[] {
  const written = {
    model: { path: './base', adapter: './adapter', ...ofModel },
    quants: 'Q8_0',
    imatrix: 'none',
    evaluate: 'none',
    ...more,
  };
  const loaded = loadPipelineText(JSON.stringify(written), { file: null, folder: space.root });
  if (!loaded.ok) throw new Error(loaded.diagnostics.map(({ message }) => message).join('\n'));
  const found = sourceProblems(loaded.pipeline);
  expect(found.every(({ at }) => at === '/model/adapter')).toBe(true);
  return found.map(({ message, fix }) => [message, fix].filter(Boolean).join(' -> '));
}

const prefix = 'base_model.model.model';
const q = `${prefix}.layers.1.self_attn.q_proj`;

function without(tensors: Tensors, ...names: string[]): Tensors {
  return Object.fromEntries(Object.entries(tensors).filter(([name]) => !names.includes(name)));
}

test('an adapter that fits has no problem', () => {
  writeAdapter(space);
  expect(problems()).toEqual([]);
});

test.each(['use_rslora', 'use_dora'])('%s is merged like any other', (key) => {
  const magnitudes = [0, 1].flatMap((layer) => [
    [`${prefix}.layers.${layer}.self_attn.q_proj.lora_magnitude_vector`, [16]],
    [`${prefix}.layers.${layer}.mlp.up_proj.lora_magnitude_vector`, [32]],
  ]);
  const tensors = key === 'use_dora' ? { ...loraTensors, ...Object.fromEntries(magnitudes) } : loraTensors;
  writeAdapter(space, { config: { [key]: true }, tensors });
  expect(problems()).toEqual([]);
});

describe('a folder that holds no adapter', () => {
  test('says what it holds', () => {
    space.write('adapter/readme.txt', 'x');
    expect(problems()).toEqual([expect.stringMatching(/has no adapter_config\.json: an adapter's folder is laid out as PEFT saves it/)]);
    space.write('adapter/config.json', '{}');
    expect(problems()).toEqual([expect.stringContaining('it looks like a whole model')]);
  });

  test('pickled weights need trust', () => {
    writeAdapter(space);
    space.write('adapter/adapter_model.bin', 'x');
    expect(problems()).toEqual([]);
    space.write('pickled/adapter_config.json', '{"peft_type": "LORA", "r": 2, "lora_alpha": 4}');
    space.write('pickled/adapter_model.bin', 'x');
    expect(problems({}, { adapter: './pickled' })).toEqual([
      expect.stringMatching(/only a pickled one \(adapter_model\.bin\).*trust: \[pickle\]/),
    ]);
    expect(problems({}, { adapter: './pickled', trust: ['pickle'] })).toEqual([
      expect.stringContaining('not a whole file of pickled weights'),
    ]);
  });

  test('a config that is no JSON is named', () => {
    writeAdapter(space);
    space.write('adapter/adapter_config.json', '{"peft_type":');
    expect(problems()).toEqual([expect.stringMatching(/adapter_config\.json is not valid JSON/)]);
  });

  test('weights that were cut are named', () => {
    writeAdapter(space);
    space.write('adapter/adapter_model.safetensors', Buffer.from('\x40\0\0\0\0\0\0\0{"a'));
    expect(problems()).toEqual([expect.stringMatching(/adapter_model\.safetensors is not a whole safetensors file/)]);
  });
});

describe('a config that is not merged here', () => {
  test.each<[string, WrittenAdapter, RegExp]>([
    ...oddConfigs.flatMap(({ what, config, tensors = loraTensors, refused }) =>
      refused ? [[what, { config, tensors }, refused] as [string, WrittenAdapter, RegExp]] : [],
    ),
  ])('%s', (_what, adapter, message) => {
    writeAdapter(space, adapter);
    expect(problems()).toContainEqual(expect.stringMatching(message));
  });

  test.each(oddConfigs.filter(({ refused }) => !refused))('$what is well', ({ config, tensors = loraTensors }) => {
    writeAdapter(space, { config, tensors });
    expect(problems()).toEqual([]);
  });

  test('a base of few bits is refused', () => {
    writeBase(space, { config: { quantization_config: { quant_method: 'fp8' } } });
    writeAdapter(space);
    expect(problems()).toEqual([expect.stringMatching(/quantized already \(FP8\) -> name the model that it was made from/)]);
  });
});

describe('tensors that do not fit', () => {
  test.each<[string, object, Tensors, string]>([
    ['half a pair', {}, without(loraTensors, `${q}.lora_B.weight`), 'has no lora_B for model.layers.1.self_attn.q_proj'],
    ['DoRA without magnitudes', { use_dora: true }, loraTensors, 'has no lora_magnitude_vector for model.layers.0.self_attn.q_proj'],
    ['another width', {}, { ...loraTensors, [`${q}.lora_A.weight`]: [2, 24] }, 'is 2 x 24, and for this model it would be r x 16'],
    ['another rank', { r: 4 }, loraTensors, 'rank for model.layers.0.self_attn.q_proj is 2, and its adapter_config.json says 4'],
    [
      'a module that the model has not',
      {},
      {
        ...loraTensors,
        [`${prefix}.layers.7.self_attn.q_proj.lora_A.weight`]: [2, 16],
        [`${prefix}.layers.7.self_attn.q_proj.lora_B.weight`]: [16, 2],
      },
      'changes model.layers.7.self_attn.q_proj, which the model has not: it was trained on another model (and 1 more like it) -> name the model that it was trained on: its adapter_config.json says someone/base',
    ],
    ['a kind that nobody knows', {}, { ...loraTensors, [`${q}.lora_C.weight`]: [1] }, 'lora_C.weight, which is not named as PEFT names'],
    [
      'another beginning of the names',
      {},
      { ...loraTensors, 'model.norm.weight': [16] },
      'a tensor model.norm.weight, which is not named as PEFT names',
    ],
    [
      'layers that were to be adapted and have no weights',
      {},
      without(loraTensors, `${q}.lora_A.weight`, `${q}.lora_B.weight`),
      'says that model.layers.1.self_attn.q_proj was adapted, and the adapter has no weights for it',
    ],
    ['modules that were to be saved and are not', { modules_to_save: ['norm'] }, loraTensors, 'names norm under modules_to_save'],
    [
      'a saved module of another shape',
      { modules_to_save: ['norm'] },
      { ...loraTensors, [`${prefix}.norm.weight`]: [24] },
      'is 24, and for this model it would be 16',
    ],
  ])('%s', (_what, config, tensors, message) => {
    writeAdapter(space, { config, tensors });
    expect(problems()).toEqual([expect.stringContaining(message)]);
  });

  test('a rank of its own is looked up as PEFT does it', () => {
    const wider = { [`${q}.lora_A.weight`]: [6, 16], [`${q}.lora_B.weight`]: [16, 6] };
    writeAdapter(space, { config: { rank_pattern: { 'layers.1.self_attn.q_proj': 6 } }, tensors: { ...loraTensors, ...wider } });
    expect(problems()).toEqual([]);
  });

  test('only some layers may be adapted when the config says so', () => {
    writeAdapter(space, {
      config: { layers_to_transform: [0] },
      tensors: without(loraTensors, ...Object.keys(loraTensors).filter((name) => name.includes('layers.1'))),
    });
    expect(problems()).toEqual([]);
  });

  test('checkpoints that leave the outermost name out are the same modules', () => {
    writeBase(space, {
      tensors: Object.fromEntries(Object.entries(baseTensors).map(([name, shape]) => [name.replace(/^model\./, ''), shape])),
    });
    writeAdapter(space);
    expect(problems()).toEqual([]);
  });
});

describe('added tokens', () => {
  const tokenizer = (tokens: number) => ({
    'tokenizer.json': JSON.stringify({ model: { vocab: { a: tokens - 2 } }, added_tokens: [{ id: tokens - 1, content: '<b>' }] }),
  });
  const embedding = `${prefix}.embed_tokens.weight`;
  const head = 'base_model.model.lm_head.weight';

  test('fewer tokens than rows are padding', () => {
    writeAdapter(space, { files: tokenizer(37) });
    expect(problems()).toEqual([]);
  });

  test('more tokens than rows are fatal', () => {
    writeAdapter(space, { files: tokenizer(43) });
    expect(problems()).toEqual([
      expect.stringMatching(/tokenizer has 43 tokens, and there are rows for 40 in the embedding -> .*save_embedding_layers/),
    ]);
  });

  test('rows for all of them in both matrices fit', () => {
    writeAdapter(space, { tensors: { ...loraTensors, [embedding]: [43, 16], [head]: [43, 16] }, files: tokenizer(43) });
    expect(problems()).toEqual([]);
  });

  test.each<[string, Tensors, string]>([
    ['the output alone', { [head]: [43, 16] }, 'token 40 is new, and the adapter has no row for it in the embedding'],
    ['the embedding alone', { [embedding]: [43, 16] }, 'token 40 is new, and the adapter has no row for it in the output'],
    ['different numbers of rows', { [embedding]: [43, 16], [head]: [42, 16] }, 'embedding has 43 rows and its output 42'],
  ])('%s is not enough', (_what, more, message) => {
    writeAdapter(space, { tensors: { ...loraTensors, ...more }, files: tokenizer(43) });
    expect(problems()).toContainEqual(expect.stringContaining(message));
  });

  test('rows of single tokens do, when none is left out', () => {
    const rows = (count: number): Tensors => ({
      [`${prefix}.embed_tokens.token_adapter.trainable_tokens_delta`]: [count, 16],
      'base_model.model.lm_head.token_adapter.trainable_tokens_delta': [count, 16],
    });
    writeAdapter(space, {
      config: { trainable_token_indices: { embed_tokens: [40, 41], lm_head: [40, 41] } },
      tensors: { ...loraTensors, ...rows(2) },
      files: tokenizer(42),
    });
    expect(problems()).toEqual([]);
    // PEFT saves the matrices themselves too when it finds that the vocabulary has grown.
    const bases = {
      [`${prefix}.embed_tokens.token_adapter.base_layer.weight`]: [42, 16],
      'base_model.model.lm_head.token_adapter.base_layer.weight': [42, 16],
    };
    writeAdapter(space, {
      config: { trainable_token_indices: { embed_tokens: [40, 41], lm_head: [40, 41] } },
      tensors: { ...loraTensors, ...rows(2), ...bases },
      files: tokenizer(42),
    });
    expect(problems()).toEqual([]);
    writeAdapter(space, {
      config: { trainable_token_indices: { embed_tokens: [41], lm_head: [41] } },
      tensors: { ...loraTensors, ...rows(1) },
      files: tokenizer(42),
    });
    expect(problems()).toContainEqual(expect.stringContaining('token 40 is new'));
  });
});

describe('a tokenizer that neither transformers nor the converter would read', () => {
  const vocab = { model: { vocab: { a: 0, b: 1 } } };

  test.each<[string, string, object, RegExp]>([
    [
      'a word as a number',
      'added_tokens.json',
      { '<x>': '5' },
      /added_tokens\.json: <x>: the number of a token is a whole number: save the tokenizer again/,
    ],
    ['a number below 0', 'added_tokens.json', { '<x>': -1 }, /added_tokens\.json: <x>: the number of a token is 0 or more/],
    ['a fraction', 'added_tokens.json', { '<x>': 2.5 }, /<x>: the number of a token is a whole number/],
    ['two tokens of one number', 'added_tokens.json', { '<x>': 5, '<y>': 5 }, /the tokens "<x>" and "<y>" are both 5/],
    ['a number beyond the embedding', 'added_tokens.json', { '<x>': 400 }, /tokenizer has 401 tokens, and there are rows for 40/],
    [
      'a token in the place of another',
      'tokenizer.json',
      { ...vocab, added_tokens: [{ id: 1, content: '<x>' }] },
      /the tokens "b" and "<x>" are both 1/,
    ],
    [
      'a token at two places',
      'tokenizer.json',
      { ...vocab, added_tokens: [{ id: 7, content: 'b' }] },
      /the token "b" is 7, and elsewhere 1/,
    ],
    [
      'a vocabulary that is a number',
      'tokenizer.json',
      { model: { vocab: 5 } },
      /tokenizer\.json: model\.vocab: it holds numbers by tokens/,
    ],
    [
      'a vocabulary of words',
      'tokenizer.json',
      { model: { vocab: { a: 'b' } } },
      /tokenizer\.json: model\.vocab\.a: the number of a token/,
    ],
    ['added tokens that are a number', 'tokenizer.json', { ...vocab, added_tokens: 7 }, /tokenizer\.json: added_tokens: /],
    ['an added token that is empty', 'tokenizer.json', { ...vocab, added_tokens: [null] }, /tokenizer\.json: added_tokens\.0: /],
    [
      'a key that is no number',
      'tokenizer_config.json',
      { added_tokens_decoder: { x: { content: '<x>' } } },
      /tokenizer_config\.json: added_tokens_decoder\.x: /,
    ],
  ])('%s', (_what, name, content, message) => {
    writeAdapter(space, { files: { [name]: JSON.stringify(content) } });
    expect(problems()).toEqual([expect.stringMatching(message)]);
  });

  test('an added token stands beside the vocabulary of the base', () => {
    space.write('base/tokenizer.json', JSON.stringify(vocab));
    writeAdapter(space, { files: { 'added_tokens.json': '{"b": 1, "<x>": 2}' } });
    expect(problems()).toEqual([]);
    writeAdapter(space, { files: { 'added_tokens.json': '{"<x>": 1}' } });
    expect(problems()).toEqual([expect.stringContaining('the tokens "b" and "<x>" are both 1')]);
  });
});

describe('tied embeddings', () => {
  test('an output that the model has as its embedding only may be trained', () => {
    writeBase(space, { config: { tie_word_embeddings: true }, tensors: without(baseTensors, 'lm_head.weight') });
    writeAdapter(space, {
      config: { modules_to_save: ['lm_head'] },
      tensors: { ...loraTensors, 'base_model.model.lm_head.weight': [40, 16] },
    });
    expect(problems()).toEqual([]);
  });
});

describe('values', () => {
  const odd = (value: number, dtype = 'F32'): Tensors => ({ ...loraTensors, [`${q}.lora_B.weight`]: { shape: [16, 2], dtype, value } });

  test.each([
    [Number.NaN, 'F32', 'holds NaN'],
    [Number.POSITIVE_INFINITY, 'BF16', 'holds infinity'],
    [70_000, 'F32', "holds values beyond F16's range, and the model is converted to F16 -> say `convert: { type: bf16 }`"],
    [70_000, 'BF16', 'beyond F16'],
    [1, 'I8', 'is stored as I8'],
  ])('%s in %s', (value, dtype, message) => {
    writeAdapter(space, { tensors: odd(value, dtype) });
    expect(problems()).toEqual([expect.stringContaining(message)]);
  });

  test('what F16 holds, or is converted to BF16, is well', () => {
    writeAdapter(space, { tensors: odd(65_504) });
    expect(problems()).toEqual([]);
    writeAdapter(space, { tensors: odd(70_000) });
    expect(problems({ convert: { type: 'bf16' } })).toEqual([]);
  });
});
