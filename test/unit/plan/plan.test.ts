import { describe, expect, test } from 'vitest';
import type { BenchSettings, Evaluation, Pipeline, QuantEntry } from '../../../src/pipeline/pipeline.ts';
import type { Facts } from '../../../src/plan/facts.ts';
import { keyOf, preimageOf } from '../../../src/plan/key.ts';
import { plan } from '../../../src/plan/plan.ts';
import type { Plan } from '../../../src/plan/planned.ts';
import type { Task } from '../../../src/plan/task.ts';
import { producersOf } from '../../../src/run/inputs.ts';
import { loraParams } from '../../support/adapters.ts';

const whole = { part: null, expected: null };
const file = (name: string) => ({ name, path: `/x/${name}`, sha256: name.padEnd(64, '0'), size: 100 });

const converter = { python: 'python', script: 'convert.py', id: 'converter', merger: 'merger', description: 'converter' };

const facts: Facts = {
  sources: [],
  tools: {
    origin: 'cache',
    binaries: { quantize: 'q', imatrix: 'i', perplexity: 'p', bench: 'b', completion: 'c' },
    converter,
    version: '0.5.0',
    build: { id: 'build', kind: 'native', backend: 'CPU', description: 'a build' },
    types: ['Q8_0', 'Q4_K_M', 'Q2_K', 'F16', 'IQ2_XXS'].map((name, ftype) => ({ name, ftype, aliasOf: null, remark: '' })),
    needImatrix: ['IQ2_XXS'],
  },
  model: {
    name: 'Tiny',
    files: [file('config.json'), file('model.safetensors')],
    digest: 'source',
    experts: false,
    parameters: 5,
    weights: 'BF16',
    bpw: null,
    tensorTypes: null,
    split: null,
    card: null,
    quantized: null,
    notCausal: null,
    shape: null,
    header: null,
    adapter: null,
  },
  calibration: file('calibration.txt'),
  evaluations: [file('evaluation.txt')],
  choices: [],
  prompts: null,
  promptsFile: null,
  imatrix: null,
  compare: [],
  machine: { cpu: 'Some CPU', cores: 4, memoryBytes: 8e9, os: 'Linux', fingerprint: 'machine' },
  platform: 'linux-x64',
};

const quant = (type: string, more: Partial<QuantEntry> = {}): QuantEntry => ({
  type,
  name: null,
  tensors: {},
  pure: false,
  leaveOutput: false,
  overrideKv: [],
  imatrix: true,
  at: '/quants/0',
  ...more,
});

const evaluation = (name: string, more: Partial<Evaluation> = {}): Evaluation => ({
  name,
  text: { path: `/x/${name}.txt`, name: `${name}.txt`, ...whole },
  context: 512,
  chunks: 64,
  at: '/evaluate',
  ...more,
});

function benchWith(changes: Partial<BenchSettings>): BenchSettings {
  const sizes = { prompt: 512, generate: 128, batch: 2048, ubatch: 512 };
  return { ...sizes, rounds: 6, threads: 'auto', depths: [0], warmup: true, sustained: null, quants: 'all', ...changes };
}

const imatrix: Extract<Pipeline['imatrix'], { kind: 'compute' }> = {
  kind: 'compute',
  text: { path: '/x/calibration.txt', name: 'calibration.txt', ...whole },
  chunks: 128,
  from: 'base',
  missing: 'error',
};

const pipeline: Pipeline = {
  name: 'tiny',
  file: null,
  model: { kind: 'folder', path: '/x', name: 'Tiny', trust: [], companions: [], adapter: null },
  convert: { type: 'auto' },
  base: 'auto',
  imatrix,
  quants: [quant('Q8_0'), quant('q2_k')],
  compare: [],
  evaluate: [evaluation('evaluation')],
  arithmetic: [],
  choices: [],
  bench: benchWith({ rounds: 2 }),
  load: null,
  recommend: [],
  notify: [],
  gates: { fineTune: null, own: [] },
  publish: [],
  samples: null,
  keep: 'all',
  requantize: false,
  tools: { llamaCppPath: null, cmake: [], python: null, gpuLayers: null, threads: 'auto', args: {} },
  places: {},
};

function planOf(change: Partial<Pipeline> = {}, facts_: Facts = facts, only: string[] = []): Plan {
  const planned = plan({ ...pipeline, ...change }, facts_, { only });
  if (!planned.ok) throw new Error(JSON.stringify(planned.problems));
  return planned.plan;
}

function problemsOf(change: Partial<Pipeline>, facts_: Facts = facts) {
  const planned = plan({ ...pipeline, ...change }, facts_);
  return planned.ok ? [] : planned.problems;
}

function chunked<T>(list: T[], size: number): T[][] {
  return Array.from({ length: list.length / size }, (_, i) => list.slice(i * size, (i + 1) * size));
}

function taskIn(made: Plan, id: string): Task {
  const task = made.tasks.find((one) => one.id === id);
  if (!task) throw new Error(`no task ${id}`);
  return task;
}

const ids = (made: Plan) => made.tasks.map((task) => task.id);
const rowNames = (made: Plan) => made.rows.map((row) => row.name);

describe('plan', () => {
  test('converts once, measures every row against the base, interleaves the benchmark by rounds', () => {
    const benches = ids(planOf()).filter((id) => id.startsWith('bench'));
    expect(ids(planOf())).toEqual([
      'convert',
      'logits',
      'divergence:base',
      'imatrix',
      'quantize:Q8_0',
      'divergence:Q8_0',
      'quantize:Q2_K',
      'divergence:Q2_K',
      ...benches,
    ]);
  });

  test('names files after the model and the type, the base among them', () => {
    expect(planOf().files.map(({ name }) => name)).toEqual(['Tiny-F16.gguf', 'Tiny-Q8_0.gguf', 'Tiny-Q2_K.gguf']);
  });

  describe('companions', () => {
    const model = { ...pipeline.model, companions: ['mmproj', 'mtp'] } as Pipeline['model'];

    test('are converted before the model, from the same files, and kept by the names that llama.cpp looks for', () => {
      const made = planOf({ model });
      expect(ids(made).slice(0, 3)).toEqual(['convert:mmproj', 'convert:mtp', 'convert']);
      expect(made.tasks[0]?.inputs).toEqual(made.tasks[2]?.inputs);
      expect(made.files.slice(-2)).toEqual([
        { name: 'mmproj-Tiny-F16.gguf', companion: 'mmproj', source: { task: 'convert:mmproj', output: 'mmproj-model.gguf' } },
        { name: 'mtp-Tiny-F16.gguf', companion: 'mtp', source: { task: 'convert:mtp', output: 'mtp-model.gguf' } },
      ]);
    });

    test('for further tokens leave the model, so that no quant carries them too', () => {
      const parts = planOf({ model }).tasks.map(({ id, params }) => [id, params]);
      expect(Object.fromEntries(parts)).toMatchObject({
        'convert:mmproj': { part: 'mmproj' },
        'convert:mtp': { part: 'mtp' },
        convert: { part: 'trunk' },
      });
    });

    test('that see leave the model as it is: its conversion is the one that is made without them', () => {
      const alone = planOf().tasks.find(({ id }) => id === 'convert');
      expect(planOf({ model: { ...model, companions: ['mmproj'] } }).tasks[1]).toEqual(alone);
    });

    test('are made when only some rows are asked for', () => {
      expect(ids(planOf({ model }, facts, ['Q8_0']))).toContain('convert:mmproj');
    });
  });

  describe('with an adapter', () => {
    const own = ['adapter_config.json', 'adapter_model.safetensors', 'tokenizer.json', 'tokenizer_config.json'];
    const ofBase = [
      'LICENSE',
      'README.md',
      'config.json',
      'generation_config.json',
      'model.safetensors',
      'special_tokens_map.json',
      'tokenizer.json',
      'tokenizer.model',
    ];
    const adapter = {
      files: own.map((name) => file(name)),
      baseWeights: ['model.safetensors'],
      rows: 43,
      lora: loraParams,
      digest: 'adapter',
      memoryBytes: 1e9,
      notes: ['grows'],
    };
    const merged: Facts = { ...facts, model: { ...facts.model, files: ofBase.map((name) => file(name)), adapter } };
    const made = planOf({}, merged);
    const inputsOf = (id: string, role: string) => made.tasks.find((task) => task.id === id)?.inputs[role]?.map(({ name }) => name);

    test('merges first, from the weights and the adapter alone', () => {
      expect(ids(made).slice(0, 3)).toEqual(['merge', 'convert', 'probe']);
      expect(inputsOf('merge', 'base')).toEqual(['base/config.json', 'base/model.safetensors']);
      expect(inputsOf('merge', 'adapter')).toEqual(['adapter/adapter_model.safetensors']);
    });

    test("converts the merged weights with the adapter's tokenizer, whose settings replace the base's as a whole", () => {
      const expected = [
        'model.safetensors',
        'config.json',
        'generation_config.json',
        'tokenizer.model',
        'tokenizer.json',
        'tokenizer_config.json',
      ];
      expect(inputsOf('convert', 'source')).toEqual(expected.map((name) => `Tiny/${name}`));
      const without = { ...merged, model: { ...merged.model, adapter: { ...adapter, files: adapter.files.slice(0, 2) } } };
      const ofConvert = planOf({}, without).tasks.find(({ id }) => id === 'convert')?.inputs['source'];
      expect(ofConvert?.map(({ name }) => name)).toContain('Tiny/special_tokens_map.json');
    });

    test('lets nothing read the converted model, and ship it, before its tokenizer is found to be right', () => {
      const readers = made.tasks.filter((task) => producersOf(task).includes('convert') && task.id !== 'probe');
      expect(readers.length).toBeGreaterThan(3);
      expect(readers.filter((task) => !producersOf(task).includes('probe'))).toEqual([]);
      expect(made.files.every(({ check }) => check === 'probe')).toBe(true);
      expect(producersOf(taskIn(made, 'probe'))).toEqual(['convert']);
    });

    test('keeps what checks the tokenizer out of the keys of what waits for it', () => {
      const other = planOf({}, { ...merged, tools: { ...merged.tools, converter: { ...converter, merger: 'another' } } });
      const key = (which: Plan, id: string) => keyOf(preimageOf(taskIn(which, id), {}));
      expect(key(other, 'quantize:Q8_0')).toBe(key(made, 'quantize:Q8_0'));
      expect(key(other, 'merge')).not.toBe(key(made, 'merge'));
    });

    test('says what it was told of it, and that the merge takes more memory than is likely to be free', () => {
      expect(made.notes).toContain('grows');
      const large = { ...merged, model: { ...merged.model, adapter: { ...adapter, memoryBytes: 16e9 } } };
      expect(planOf({}, large).notes).toContain('Merging takes about 16.0 GB of memory (estimated); this machine has 8.0 GB.');
    });
  });

  test('a licence goes along, and no conversion depends on it', () => {
    const withLicence = { ...facts, model: { ...facts.model, files: [...facts.model.files, file('LICENSE')] } };
    expect(planOf({}, withLicence).tasks[0]).toEqual(planOf().tasks[0]);
  });

  test('is the same for the same values', () => {
    expect(planOf()).toEqual(planOf());
  });

  test('only some rows are planned when only some are asked for', () => {
    expect(rowNames(planOf({}, facts, ['Q2_k']))).toEqual(['base', 'Q2_K']);
  });

  test('a base that is a quant is made once and said of every number', () => {
    const made = planOf({ base: 'q8_0' });
    expect(made.rows[0]).toMatchObject({ name: 'base', type: 'Q8_0' });
    expect(made.notes).toEqual([expect.stringContaining('Q8_0')]);
    expect(made.conditions.base).toBe('Q8_0');
  });

  describe('further texts', () => {
    const evaluate = [evaluation('evaluation'), evaluation('code', { context: 1024, chunks: 8 })];
    const evaluations = [file('evaluation.txt'), file('code.txt')];
    const made = planOf({ evaluate, bench: null }, { ...facts, evaluations });

    test('have recordings and divergences of their own; the first text keeps its names', () => {
      expect(ids(made).filter((id) => /logits|divergence/.test(id))).toEqual([
        'logits',
        'divergence:base',
        'logits:code',
        'divergence:base@code',
        'divergence:Q8_0',
        'divergence:Q8_0@code',
        'divergence:Q2_K',
        'divergence:Q2_K@code',
      ]);
      expect(made.tasks.find(({ id }) => id === 'logits:code')?.params).toMatchObject({ context: 1024, chunks: 8 });
      expect(made.conditions.slices).toEqual([
        { name: 'code', text: 'code.txt', sha256: file('code.txt').sha256, context: 1024, chunks: 8 },
      ]);
    });

    test('decide nothing by their names: renamed, they are measured already', () => {
      const renamed = planOf(
        { evaluate: [evaluation('evaluation'), evaluation('programs', { context: 1024, chunks: 8 })], bench: null },
        { ...facts, evaluations },
      );
      const task = (plan: Plan, id: string) => plan.tasks.find((one) => one.id === id);
      expect({ ...task(renamed, 'logits:programs'), id: '' }).toEqual({ ...task(made, 'logits:code'), id: '' });
    });
  });

  test('weights or arithmetic: quants are dequantized and measured on the same recording, but for those that are asked for none', () => {
    const all = planOf({ arithmetic: 'all', bench: null });
    expect(ids(all).filter((id) => id.includes('dequantize'))).toEqual([
      'dequantize:Q8_0',
      'divergence:Q8_0@dequantized',
      'dequantize:Q2_K',
      'divergence:Q2_K@dequantized',
    ]);
    expect(all.files.map(({ name }) => name)).toEqual(['Tiny-F16.gguf', 'Tiny-Q8_0.gguf', 'Tiny-Q2_K.gguf']);
    expect(planOf({ arithmetic: ['q2_k'] }).rows.map(({ arithmetic }) => arithmetic)).toEqual([null, null, 'divergence:Q2_K@dequantized']);
    expect(problemsOf({ arithmetic: ['Q5_K_M', 'base'] }).map(({ at }) => at)).toEqual(['/arithmetic/0', '/arithmetic/1']);
  });

  test('questions are put to every row, also where no text is evaluated', () => {
    const text = { path: '/x/hellaswag.txt', name: 'hellaswag.txt', ...whole };
    const choices: Pipeline['choices'] = [{ task: 'hellaswag', file: text, questions: 400, at: '/choices/hellaswag' }];
    const made = planOf({ choices, evaluate: [], bench: null }, { ...facts, evaluations: [], choices: [file('hellaswag.txt')] });
    expect(ids(made).filter((id) => id.startsWith('choices'))).toEqual(['base', 'Q8_0', 'Q2_K'].map((row) => `choices:${row}@hellaswag`));
  });

  test('conversations are rendered by the model; a calibration on them takes special tokens for what they are', () => {
    const chat = { path: '/x/chat.jsonl', name: 'chat.jsonl', chat: true as const, ...whole };
    const made = planOf({ evaluate: [evaluation('evaluation', { text: chat })], imatrix: { ...imatrix, text: chat } });
    const task = (id: string) => made.tasks.find((one) => one.id === id);
    expect(task('render:calibration')?.inputs['model']).toEqual(task('imatrix')?.inputs['model']);
    expect(task('imatrix')?.params).toMatchObject({ parseSpecial: true });
    expect(task('logits')?.inputs['text']).toEqual([{ name: 'evaluation.txt', source: { task: 'render:evaluation', output: 'text.txt' } }]);
    expect(made.conditions.evaluation?.rendering).toMatch(/plain text/);
  });

  describe('chunks: auto', () => {
    const evaluate = [evaluation('evaluation', { chunks: 'auto', context: 32 })];
    const long = { ...facts, evaluations: [{ ...file('evaluation.txt'), size: 32 * 100 }] };
    const planned = (chunks?: number) => {
      const made = plan({ ...pipeline, evaluate }, long, chunks === undefined ? {} : { chunks });
      if (!made.ok) throw new Error(JSON.stringify(made.problems));
      return made.plan;
    };

    test('begins with 16, at most what the text can fill', () => {
      expect(planned()).toMatchObject({ chunks: { now: 16, most: 100 }, conditions: { evaluation: { chunks: 16 } } });
      expect(planned(64).tasks.find(({ id }) => id === 'logits')?.params).toMatchObject({ chunks: 64, atMost: true });
    });

    test('changes nothing but what depends on the text', () => {
      const changed = planned(32).tasks.filter((task, i) => JSON.stringify(task) !== JSON.stringify(planned().tasks[i]));
      expect(changed.map(({ id }) => id)).toEqual(['logits']);
    });

    test('a number that is written is no matter of rounds', () => {
      expect(planOf().chunks).toBeNull();
    });
  });

  describe('samples', () => {
    const samples = { prompts: [], tokens: 64, template: 'auto', system: 'Be short.' } as const;
    const conversation = [{ role: 'user', content: 'How?' }];
    const asking = {
      ...facts,
      prompts: [
        { name: 'why', text: 'Why?' },
        { name: 'how', messages: conversation },
      ],
    };
    const planned = (change: Partial<Pipeline> = {}, facts_: Facts = asking) =>
      planOf({ samples: { ...samples, prompts: [] }, ...change }, facts_);
    const taskOf = (made: Plan, id: string) => made.tasks.find((task) => task.id === id);

    test('are asked of every row, once all else is made and before the benchmarks', () => {
      const order = ids(planned());
      const asked = ['samples:base', 'samples:Q8_0', 'samples:Q2_K'];
      expect(order.filter((id) => id.startsWith('samples'))).toEqual(asked);
      expect(order.indexOf('samples:base')).toBeGreaterThan(order.indexOf('divergence:Q2_K'));
      expect(order.indexOf('samples:Q2_K')).toBeLessThan(order.findIndex((id) => id.startsWith('bench')));
    });

    test('depend on the questions, not on their names; on the machine and its threads', () => {
      expect(taskOf(planned(), 'samples:Q8_0')).toMatchObject({
        params: { questions: { 1: 'Why?', 2: conversation }, system: 'Be short.', template: 'auto', tokens: 64, threads: 4 },
        identity: { machine: 'machine' },
        exclusive: true,
      });
      const renamed = { ...asking, prompts: asking.prompts.map((prompt, i) => ({ ...prompt, name: String(i) })) };
      expect(planned({}, renamed).tasks).toEqual(planned().tasks);
    });

    test('are told to people with what stands before a prompt', () => {
      expect(planned().asked).toEqual({
        tokens: 64,
        threads: 4,
        prompts: [
          { name: 'why', text: 'system: Be short.\nuser: Why?' },
          { name: 'how', text: 'system: Be short.\nuser: How?' },
        ],
      });
      expect(planned({ samples: { ...samples, prompts: [], system: null } }).asked?.prompts[0]?.text).toBe('Why?');
      expect(planOf().asked).toBeNull();
    });

    test('are not asked of a model that predicts no next token', () => {
      const made = planned({}, { ...asking, model: { ...facts.model, notCausal: 'BertModel is an encoder' } });
      expect(made.rows[0]).toMatchObject({ samples: null, samplesNotMeasured: 'BertModel is an encoder' });
    });
  });

  test('without evaluation and benchmark there is nothing to measure, and every row says so', () => {
    const made = planOf({ evaluate: [], bench: null });
    expect(ids(made)).toEqual(['convert', 'imatrix', 'quantize:Q8_0', 'quantize:Q2_K']);
    expect(made.rows[1]).toMatchObject({ qualityNotMeasured: 'evaluate: none', speedNotMeasured: 'bench: none' });
  });

  test('a model that is no causal language model is converted and quantized, with the reason why nothing is measured', () => {
    const made = planOf({}, { ...facts, model: { ...facts.model, notCausal: 'BertModel is an encoder' } });
    expect(ids(made)).toEqual(['convert', 'quantize:Q8_0', 'quantize:Q2_K']);
    expect(made.rows[1]?.qualityNotMeasured).toBe('BertModel is an encoder');
  });

  test('a source that is quantized already needs to be allowed, and marks every row', () => {
    const fp8 = { ...facts, model: { ...facts.model, quantized: 'FP8' } };
    expect(problemsOf({}, fp8)).toEqual([expect.objectContaining({ at: '/model', fix: expect.stringContaining('requantize: true') })]);
    expect(planOf({ requantize: true }, fp8).rows[1]?.marks).toEqual(['made from FP8']);
  });

  describe('what needs the machine alone', () => {
    const rounds = 40;
    const benches = ids(planOf({ bench: benchWith({ rounds }) })).filter((id) => id.startsWith('bench'));

    test('comes round by round, each with every row once', () => {
      const expected = Array.from({ length: rounds }, (_, i) => ['Q2_K', 'Q8_0', 'base'].map((row) => `bench:${row}:${i + 1}`));
      expect(chunked(benches, 3).map((round) => round.toSorted())).toEqual(expected);
    });

    test('in an order that is drawn for each round, and the same each time', () => {
      const first = chunked(benches, 3).map(([id = '']) => id.split(':')[1]);
      for (const row of ['base', 'Q8_0', 'Q2_K']) {
        const share = first.filter((name) => name === row).length / rounds;
        expect(share).toBeGreaterThan(0.1);
        expect(share).toBeLessThan(0.6);
      }
      expect(ids(planOf({ bench: benchWith({ rounds }) })).filter((id) => id.startsWith('bench'))).toEqual(benches);
    });

    test('begins with the sweep on the smallest quant and ends with what heats the machine', () => {
      const load = { context: 2048, kvType: 'f16', rounds: 1, mmap: true, prompt: 1984, quants: ['Q2_K'] };
      const made = planOf({ bench: benchWith({ rounds: 1, threads: 'sweep', sustained: 600, quants: ['Q2_K'] }), load });
      const alone = made.tasks.filter(({ exclusive }) => exclusive).map(({ id }) => id);
      expect(alone).toEqual(['sweep', 'bench:Q2_K:1', 'overhead', 'load:Q2_K', 'sustained:Q2_K']);
      expect(made.sweep).toEqual({ task: 'sweep', row: 'Q2_K' });
      expect(made.tasks.find(({ id }) => id === 'bench:Q2_K:1')?.inputs['threads']).toEqual([
        { name: 'threads.json', source: { task: 'sweep', output: 'threads.json' } },
      ]);
      expect(made.rows.map(({ loadNotMeasured }) => loadNotMeasured)).toEqual(['not among load.quants', 'not among load.quants', null]);
    });

    test.each([
      [1, [1]],
      [6, [1, 2, 3, 4, 6]],
      [16, [1, 2, 3, 4, 6, 8, 12, 16]],
      [10, [1, 2, 3, 4, 6, 8, 10]],
    ])('a sweep on %i cores', (cores, threads) => {
      const made = planOf({ bench: benchWith({ threads: 'sweep' }) }, { ...facts, machine: { ...facts.machine, cores } });
      expect(made.tasks.find(({ op }) => op === 'sweep')?.params).toMatchObject({ threads });
    });
  });

  test('benchmarks use the threads that are asked for, else the cores', () => {
    const threads = (made: Plan) => made.conditions.bench?.threads;
    expect([threads(planOf()), threads(planOf({ tools: { ...pipeline.tools, threads: 2 } }))]).toEqual([4, 2]);
  });

  describe('a type that needs an importance matrix is refused', () => {
    test.each<[where: string, change: Partial<Pipeline>, at: string]>([
      ['where none is made', { imatrix: null, quants: [quant('iq2_xxs')] }, '/quants/0'],
      ['where the quant goes without', { quants: [quant('IQ2_XXS', { imatrix: false, at: '/quants/1' })] }, '/quants/1'],
      ['for a single tensor too', { imatrix: null, quants: [quant('Q8_0', { tensors: { ffn_down: 'IQ2_XXS' } })] }, '/quants/0'],
      ['as the base', { base: 'IQ2_XXS' }, '/base'],
    ])('%s', (_where, change, at) => {
      expect(problemsOf(change)).toEqual([
        { at, message: expect.stringContaining('IQ2_XXS needs an importance matrix'), fix: expect.any(String) },
      ]);
    });

    test('for a model that can have none, with the reason', () => {
      const encoder = { ...facts, model: { ...facts.model, notCausal: 'BertModel is an encoder' } };
      expect(problemsOf({ quants: [quant('IQ2_XXS')] }, encoder)[0]?.message).toContain('BertModel is an encoder');
    });

    test('but not with one, nor before anybody could ask llama-quantize', () => {
      expect(problemsOf({ quants: [quant('IQ2_XXS')] })).toEqual([]);
      const unknown = { ...facts, tools: { ...facts.tools, needImatrix: null } };
      expect(problemsOf({ imatrix: null, quants: [quant('IQ2_XXS')] }, unknown)).toEqual([]);
      expect(planOf({}, unknown).notes).toContain('types not checked: run qpipe setup');
    });
  });

  test('a tensor type that ggml does not have is refused, with the nearest', () => {
    expect(problemsOf({ quants: [quant('Q8_0', { tensors: { output: 'Q8_O' } })] })).toEqual([
      { at: '/quants/0/tensors/output', message: 'there is no tensor type `Q8_O`', fix: 'did you mean `Q8_0`?' },
    ]);
  });

  test('all problems come at once, each with its place', () => {
    const places = problemsOf({
      base: 'Q9_9',
      quants: [quant('Q4_KM', { at: '/quants/0' }), quant('F16', { at: '/quants/1' })],
      bench: benchWith({ quants: ['Q3_K'] }),
      load: { context: 2048, kvType: 'f16', rounds: 1, mmap: true, prompt: 1984, quants: ['base', 'Q3_K'] },
    }).map(({ at }) => at);
    expect(places).toEqual(['/quants/0', '/base', '/quants/1', '/bench/quants/0', '/load/quants/1']);
  });
});
