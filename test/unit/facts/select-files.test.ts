import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/errors.ts';
import { parseObject } from '../../../src/facts/parse-json.ts';
import { selectFiles } from '../../../src/facts/select-files.ts';
import type { Selection } from '../../../src/facts/selection.ts';
import type { Trust } from '../../../src/pipeline/pipeline.ts';

const index = 'model.safetensors.index.json';
const shards = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'];
const mapTo = (...names: string[]) => JSON.stringify({ weight_map: Object.fromEntries(names.map((name, i) => [`tensor${i}`, name])) });

/** Files by name; those whose text matters with it. */
function select(files: Record<string, string>, trust: Trust[] = []): Selection {
  return selectFiles({ names: Object.keys(files), text: (name) => files[name] ?? null, where: 'owner/name', trust });
}

function model(...names: string[]): Record<string, string> {
  return { 'config.json': '{}', ...Object.fromEntries(names.map((name) => [name, '{}'])) };
}

describe('of the weights one copy is taken, and all of it', () => {
  test('the shards that the index names, and nothing that only looks like one', () => {
    const files = {
      ...model(...shards, 'model.safetensors', 'model-00001-of-00003.safetensors', 'consolidated.safetensors'),
      [index]: mapTo(...shards),
    };
    expect(select(files)).toEqual({ files: ['config.json', index, ...shards], weights: shards });
  });

  test('shards by other numbers, in the order of their names', () => {
    const [a, b] = ['model-a.safetensors', 'model-b.safetensors'];
    expect(select({ ...model(b, a), [index]: mapTo(b, a, b) }).weights).toEqual([a, b]);
  });

  test.each([
    ['one file', ['model.safetensors', 'model.fp16.safetensors', 'consolidated.safetensors'], ['model.safetensors']],
    ['shards that tell their number', shards, shards],
    ['the only one there is', ['model.fp16.safetensors', 'adapter_model.safetensors'], ['model.fp16.safetensors']],
    [
      'none of another folder',
      ['model.safetensors', 'original/model.safetensors', 'onnx/model-00001-of-00002.safetensors'],
      ['model.safetensors'],
    ],
    ['safetensors rather than pickles', ['model.safetensors', 'pytorch_model.bin'], ['model.safetensors']],
  ])('without an index: %s', (_what, names, weights) => {
    expect(select(model(...names), ['pickle']).weights).toEqual(weights);
  });

  test.each([
    [
      'a shard of the index is not there',
      { ...model('model-00001-of-00002.safetensors'), [index]: mapTo(...shards) },
      `${index} names ${shards[1]}, which is not there`,
    ],
    [
      'two are not',
      { ...model('model.safetensors'), [index]: mapTo(...shards) },
      `${index} names ${shards[0]} and 1 more, which is not there`,
    ],
    [
      'the index leads out of the repo',
      { ...model('model.safetensors'), [index]: mapTo('../model.safetensors') },
      'names ../model.safetensors, which is no model*.safetensors',
    ],
    ['the index names a pickle', { ...model('pytorch_model.bin'), [index]: mapTo('pytorch_model.bin') }, 'which is no model*.safetensors'],
    [
      'the index names what the converter does not read',
      { ...model('a.safetensors'), [index]: mapTo('a.safetensors') },
      'which is no model*.safetensors',
    ],
    ['the index is cut', { ...model('model.safetensors'), [index]: '{"weight_map": {' }, `owner/name/${index} is not valid JSON`],
    ['the index names nothing', { ...model('model.safetensors'), [index]: '{}' }, `${index} names no weights`],
    ['a shard that others tell of is not there', model('model-00002-of-00002.safetensors'), `lacks ${shards[0]} of its weights`],
    [
      'nothing tells which of two belongs to the model',
      model('model.fp16.safetensors', 'model.fp32.safetensors'),
      'no model.safetensors.index.json that says which',
    ],
    ['there are two sets of shards', model(...shards, 'model-00001-of-00001.safetensors'), 'that says which of them are the model'],
  ])('refused with the name: %s', (_what, files, message) => {
    expect(() => select(files)).toThrow(UserError);
    expect(() => select(files)).toThrow(message);
  });

  test.each([
    [['tokenizer.json'], 'owner/name has no safetensors weights'],
    [['x-Q4_K_M.gguf'], 'only GGUF files (x-Q4_K_M.gguf): name one with `gguf:`'],
    [['adapter_model.safetensors', 'adapter_config.json'], 'only an adapter (adapter_model.safetensors)'],
    [['params.json', 'consolidated.safetensors'], "only in Mistral's own (consolidated.safetensors)"],
    [['tf_model.h5'], 'only tf_model.h5, which the converter does not read'],
  ])('when there are none, what there is is said: %j', (names, message) => {
    expect(() => select(model(...names))).toThrow(message);
  });
});

describe('pickled weights', () => {
  const pickleIndex = 'pytorch_model.bin.index.json';
  const pickles = ['pytorch_model-00001-of-00002.bin', 'pytorch_model-00002-of-00002.bin'];

  test('are refused, with both ways out', () => {
    expect(() => select(model('pytorch_model.bin', 'training_args.bin'))).toThrow(
      'owner/name has no safetensors weights, only pickled ones (pytorch_model.bin), which can run code when they are loaded: convert them to safetensors, or say `trust: [pickle]` under model',
    );
  });

  test('are taken with trust, by their own index', () => {
    const files = { ...model(...pickles, 'pytorch_model.fp32.bin', 'optimizer.bin'), [pickleIndex]: mapTo(...pickles) };
    expect(select(files, ['pickle'])).toEqual({ files: ['config.json', pickleIndex, ...pickles], weights: pickles });
  });

  test.each(['consolidated.00.pth', 'model.pt', 'model.ckpt', 'weights.npz', 'model.pkl', 'pytorch_lora.bin'])(
    'that the converter does not read are refused with trust too: %s',
    (name) => {
      expect(() => select(model(name), ['pickle'])).toThrow(
        `only pickled ones (${name}), which can run code when they are loaded and which the converter does not read`,
      );
    },
  );

  test('beside safetensors are neither taken nor in the way', () => {
    expect(select(model('model.safetensors', 'consolidated.00.pth', 'pytorch_model.bin', pickleIndex)).files).toEqual([
      'config.json',
      'model.safetensors',
    ]);
  });
});

describe('beside the weights', () => {
  test('what the converter opens is taken, and nothing else', () => {
    const opened = [
      'tokenizer.json',
      'tokenizer_config.json',
      'chat_template.jinja',
      'additional_chat_templates/tool_use.jinja',
      'qwen.tiktoken',
      'tokenizer.jsonl',
    ];
    const others = ['params.json', 'trainer_state.json', 'tokenizer.model.v3', 'onnx/tokenizer.json', 'modeling_own.py', 'demo.jinja'];
    const { files } = select(model('model.safetensors', ...opened, ...others));
    expect(files.toSorted()).toEqual(['config.json', 'model.safetensors', ...opened].toSorted());
  });

  test('people get the README and the licence', () => {
    const { files } = select(model('model.safetensors', 'README.md', 'LICENSE', 'LICENSE.txt', 'Licence.md', 'src/LICENSE'));
    expect(files).toEqual(expect.arrayContaining(['README.md', 'LICENSE', 'LICENSE.txt', 'Licence.md']));
    expect(files).not.toContain('src/LICENSE');
  });

  test('the layers of a sentence-transformers model are taken from the folders that modules.json names', () => {
    const layers = ['1_Pooling/config.json', '2_Dense/config.json', '2_Dense/model.safetensors'];
    const modules = JSON.stringify([{ path: '' }, { path: '1_Pooling' }, { path: '2_Dense' }, { path: '../else' }, {}]);
    const selected = select({ ...model('model.safetensors', ...layers, '3_Other/config.json'), 'modules.json': modules });
    expect(selected.files).toEqual(['config.json', 'modules.json', ...layers, 'model.safetensors']);
    expect(selected.weights).toEqual(['model.safetensors', '2_Dense/model.safetensors']);
  });

  test('the order of the names decides nothing', () => {
    const names = ['tokenizer.json', 'README.md', ...shards, 'config.json', 'LICENSE'];
    const one = selectFiles({ names, text: (name) => (name === 'config.json' ? '{}' : null), where: 'x', trust: [] });
    expect(
      selectFiles({ names: names.toReversed(), text: (name) => (name === 'config.json' ? '{}' : null), where: 'x', trust: [] }),
    ).toEqual(one);
  });

  test('a folder without config.json is no model', () => {
    expect(() => select({ 'params.json': '{}', 'consolidated.safetensors': '' })).toThrow(
      'owner/name has no config.json: a model folder is laid out as on',
    );
  });

  test('an adapter is told where it belongs', () => {
    expect(() => select({ 'adapter_config.json': '{}', 'adapter_model.safetensors': '' })).toThrow(
      'owner/name has no config.json: it is an adapter; name it by `adapter:` under model',
    );
  });
});

describe('code that comes with the model', () => {
  const own = { auto_map: { AutoTokenizer: ['tokenization_own.OwnTokenizer', null] }, tokenizer_class: 'OwnTokenizer' };
  const withCode = (architecture: string, tokenizer: unknown = own, config: Record<string, unknown> = {}) => ({
    ...model('model.safetensors', 'tokenization_own.py', 'helper.py', 'own.model', 'modeling_own.py'),
    'config.json': JSON.stringify({ architectures: [architecture], ...config }),
    'tokenizer_config.json': JSON.stringify(tokenizer),
  });
  const python = ['helper.py', 'modeling_own.py', 'tokenization_own.py'];

  test('that the conversion would run is refused, with its name and what to do', () => {
    expect(() => select(withCode('ChatGLMModel'))).toThrow(
      /tokenizer that is Python code of its own \(tokenization_own\.py\), which the conversion would run: .*`trust: \[code\]`/,
    );
  });

  test('is taken with trust, and what its tokenizer may open', () => {
    expect(select(withCode('ChatGLMModel'), ['code']).files).toEqual(expect.arrayContaining([...python, 'own.model']));
  });

  test.each([
    ['a Llama', 'LlamaForCausalLM', own, {}],
    ['an architecture whose vocabulary the converter reads itself', 'InternLM2ForCausalLM', own, {}],
    [
      'a tokenizer of transformers',
      'Glm4ForCausalLM',
      { tokenizer_class: 'PreTrainedTokenizerFast' },
      { auto_map: { AutoConfig: 'configuration_own.OwnConfig' } },
    ],
    [
      'a DeepSeek with tokenizer.json',
      'DeepseekV3ForCausalLM',
      { tokenizer_class: 'LlamaTokenizerFast' },
      { auto_map: { AutoConfig: 'configuration_own.OwnConfig' } },
    ],
  ])('that runs nowhere is not in the way, and stays where it is: %s', (_what, architecture, tokenizer, config) => {
    const { files } = select({ ...withCode(architecture, tokenizer, config), 'tokenizer.json': '{}' });
    expect(files.filter((name) => name.endsWith('.py'))).toEqual([]);
  });

  test.each([
    [
      'of the configuration, where the tokenizer has no class',
      'NemotronHForCausalLM',
      {},
      { auto_map: { AutoConfig: 'tokenization_own.OwnConfig' } },
    ],
    ['in the old form', 'QWenLMHeadModel', { auto_map: ['tokenization_own.OwnTokenizer', null] }, {}],
    ['of the text part', 'KimiK25ForConditionalGeneration', own, { text_config: { architectures: ['DeepseekV3ForCausalLM'] } }],
    ['after the plain way has failed', 'DeepseekV3ForCausalLM', own, {}],
    ["of a Llama's unusual tokenizer", 'LlamaForCausalLM', { ...own, tokenizer_class: 'HybridDNATokenizer' }, {}],
  ])('is found: %s', (_what, architecture, tokenizer, config) => {
    expect(() => select({ ...withCode(architecture, tokenizer, config), 'tokenizer.json': '{}' })).toThrow('(tokenization_own.py)');
  });

  test('of another repo is refused with trust too: nothing is looked up there', () => {
    const elsewhere = { auto_map: { AutoTokenizer: ['someone/else--tokenization_own.OwnTokenizer', null] } };
    expect(() => select(withCode('ChatGLMModel', elsewhere), ['code'])).toThrow('in another repo (someone/else--tokenization_own.py)');
  });

  test('that is named and not there is refused', () => {
    const other = { auto_map: { AutoTokenizer: ['tokenization_other.Other', null] } };
    expect(() => select(withCode('ChatGLMModel', other), ['code'])).toThrow('code in tokenization_other.py, which is not there');
  });
});

test('numbers that only Python writes into JSON are no mistake', () => {
  const config =
    '{"architectures": ["LlamaForCausalLM"], "time_step_limit": [0.0, Infinity], "a": [-Infinity, NaN], "b": "NaN \\" Infinity"}';
  expect(parseObject(config, 'config.json')).toMatchObject({ time_step_limit: [0, null], a: [null, null], b: 'NaN " Infinity' });
});
