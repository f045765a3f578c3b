import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { keyOf } from '../../../src/plan/key.ts';
import type { Op } from '../../../src/plan/task.ts';
import type { ManifestStep } from '../../../src/provenance/manifest.ts';
import { refusedSteps } from '../../../src/provenance/refused-steps.ts';
import type { LoraParams } from '../../../src/tools/lora.ts';

const digest = (text: string) => createHash('sha256').update(text).digest('hex');
const file = (name: string) => ({ name, sha256: digest(name), size: 5 });
const platform = 'linux-x64';

/** A step with the key that belongs to it, as an editor can compute it. */
function step(
  op: string,
  given: Pick<ManifestStep, 'params' | 'inputs' | 'identity'> & { outputs: string[]; task?: string },
): ManifestStep {
  const { params, inputs, identity, outputs, task = op } = given;
  const digests = Object.entries(inputs).map(([role, list]) => [
    role,
    list.map((input) => ({ name: input.name, sha256: 'sha256' in input ? input.sha256 : digest(input.from.output) })),
  ]);
  const key = keyOf({ op: op as Op, opVersion: 1, params, inputs: Object.fromEntries(digests), identity });
  return { task, op, opVersion: 1, key, params, inputs, identity, outputs: outputs.map(file) };
}

const quantizing = {
  type: 'Q4_K_M',
  tensors: { attn_v: 'Q6_K' },
  pure: false,
  leaveOutput: false,
  overrideKv: ['general.name=str:Tiny'],
  requantize: false,
  missing: 'error',
  source: digest('source'),
  args: ['--max-buffer-size', '512', '--keep-split'],
};

function quantize({
  params = {},
  inputs = {},
  identity = {},
  outputs = ['quant.gguf'],
  ...rest
}: Partial<Parameters<typeof step>[1]> = {}): ManifestStep {
  return step('quantize', {
    params: { ...quantizing, ...params },
    inputs: { model: [file('model.gguf')], ...inputs },
    identity: { build: 'b'.repeat(64), platform, ...identity },
    outputs,
    ...rest,
  });
}

function convert({ params = {}, inputs = {} }: Partial<Pick<ManifestStep, 'params' | 'inputs'>> = {}): ManifestStep {
  return step('convert', {
    params: { type: 'f16', modelName: 'Tiny', args: [], ...params },
    inputs: { source: [file('Tiny/config.json'), file('Tiny/model.safetensors')], ...inputs },
    identity: { converter: 'c', platform },
    outputs: ['model.gguf'],
  });
}

function imatrix(args: string[]): ManifestStep {
  return step('imatrix', {
    params: { gpuLayers: null, args, chunks: 4 },
    inputs: { model: [file('model.gguf')], text: [file('calibration.txt')] },
    identity: { build: 'b'.repeat(64), platform },
    outputs: ['imatrix.gguf'],
  });
}

const lora: LoraParams = {
  r: 8,
  alpha: 16,
  rankPattern: [['q_proj', 4]],
  alphaPattern: [],
  targets: ['q_proj', 'v_proj'],
  excluded: null,
  layers: [],
  layerLists: [],
  modulesToSave: [],
  tokenRows: { embed_tokens: [3] },
  bias: 'none',
  rslora: false,
  dora: false,
  loraBias: false,
  tiesEmbeddings: false,
};

const merge = (adapter: string[]) =>
  step('merge', {
    params: { rows: null, lora },
    inputs: { base: [file('base/model.safetensors')], adapter: adapter.map(file) },
    identity: { merger: 'm', platform },
    outputs: ['model.safetensors', 'config.json'],
  });

test('steps as qpipe plans them are not refused, with arguments that name no file', () => {
  const all = [
    quantize(),
    imatrix(['--no-repack', '-ngl', '99', '-ot', 'exps=CPU']),
    convert({ params: { part: 'trunk', card: 'license: mit', args: ['--fp8-as-q8'] } }),
    merge(['adapter/adapter_model.safetensors']),
  ];
  for (const one of all) expect(refusedSteps([one], [])).toBeNull();
});

describe('what follows its keys and is refused all the same', () => {
  const cases: [string, ManifestStep, RegExp][] = [
    [
      'another operation',
      step('samples', { params: {}, inputs: {}, identity: {}, outputs: ['x'] }),
      /samples asks for what no run of this qpipe does: op/,
    ],
    ['a parameter that is none', quantize({ params: { evil: true } }), /quantize .*params.*evil/],
    ['a parameter of another kind', quantize({ params: { tensors: 7 } }), /params\.tensors/],
    ['no parameters', step('quantize', { ...quantize(), params: {}, outputs: ['quant.gguf'] }), /params\.type/],
    ['a pattern that is none', quantize({ params: { tensors: { '(': 'Q8_0' } } }), /params\.tensors\.\(/],
    ['a type with a line end', quantize({ params: { type: 'Q4_0\n/tmp/x' } }), /params\.type: this is no type/],
    [
      'another input and output',
      quantize({ params: { args: ['model.gguf', '/tmp/evil.gguf', 'Q4_0'] } }),
      /"model\.gguf" is not handed on to quantize/,
    ],
    ['a zero byte', quantize({ params: { overrideKv: ['a=str:\0'] } }), /control character/],
    ['a file for the log', imatrix(['--log-file', 'x']), /"--log-file" is not handed on to imatrix/],
    ['a model of the network', imatrix(['-hf', 'me/model']), /"-hf"/],
    ['a value that is a path', imatrix(['-ot', '/etc/passwd']), /"\/etc\/passwd"/],
    ['a flag without its value', imatrix(['-ngl']), /"-ngl"/],
    ['an output elsewhere', convert({ params: { args: ['--outfile=/tmp/x'] } }), /"--outfile=\/tmp\/x"/],
    ['a model called ..', convert({ params: { modelName: '..' }, inputs: { source: [file('../config.json')] } }), /modelName/],
    [
      'a model called by a flag',
      convert({ params: { modelName: '--remote' }, inputs: { source: [file('--remote/config.json')] } }),
      /modelName/,
    ],
    ['files of another folder', convert({ inputs: { source: [file('Other/config.json')] } }), /not in the folder of its model/],
    ['a card over a card', convert({ params: { card: 'x' }, inputs: { source: [file('Tiny/README.md')] } }), /write over the model card/],
    [
      'an input where the output goes',
      quantize({ inputs: { model: [file('quant.gguf')] } }),
      /inputs\.model\.0\.name: no tool of qpipe reads/,
    ],
    ['an output that is the input', quantize({ outputs: ['model.gguf'] }), /outputs\.0\.name/],
    ['a folder that is a file', convert({ inputs: { source: [file('Tiny/a'), file('Tiny/a/b')] } }), /the folder of another/],
    ['a build that is a path', quantize({ identity: { build: '../../evil' } }), /identity\.build: this is no digest/],
    ['a step by another name', quantize({ task: '\ud800' }), /no id of a step/],
    ['a config over the config', merge(['adapter/Adapter_Config.json']), /inputs\.adapter\.0\.name: no tool of qpipe reads/],
    ['a merge as an older qpipe planned it', { ...merge(['adapter/a.safetensors']), params: { rows: null } }, /params\.lora/],
    ['code of the model', convert({ inputs: { source: [file('Tiny/tokenization.py')] } }), /can run code: .* --trust code/],
    ['pickled weights', merge(['adapter/adapter_model.bin']), /--trust pickle/],
  ];
  test.each(cases)('%s', (_what, one, reason) => expect(refusedSteps([one], [])).toMatch(reason));

  test('code and pickles are read by who says so', () => {
    expect(refusedSteps([merge(['adapter/adapter_model.bin'])], ['pickle'])).toBeNull();
    expect(refusedSteps([convert({ inputs: { source: [file('Tiny/own.py')] } })], ['code'])).toBeNull();
  });

  test('two steps of one name', () => expect(refusedSteps([quantize(), quantize()], [])).toMatch(/two steps called quantize/));
});

test('a step whose key is not its own is refused', () => {
  expect(refusedSteps([{ ...quantize(), key: digest('another') }], [])).toMatch(/key of quantize is not that/);
});
