import '../support/own-machine.ts';
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readGguf } from '../../src/gguf/header.ts';
import { tinyGguf } from '../../src/setup/tiny-gguf.ts';
import { failure as benchFailure } from '../../src/tools/bench.ts';
import { failure as imatrixFailure } from '../../src/tools/imatrix.ts';
import type { Binaries, LlamaCpp } from '../../src/tools/llama-cpp.ts';
import { failure as perplexityFailure } from '../../src/tools/perplexity.ts';
import { failure as quantizeFailure } from '../../src/tools/quantize.ts';
import type { Lab, Ran, Written } from '../support/lab.ts';
import { realLab } from '../support/real-lab.ts';

/** Failures of the real tools, each made to happen: the reason in plain words, and the command that shows it again. */
let lab: Lab;
let converted: Buffer;
const nothing: Written = { imatrix: 'none', evaluate: 'none', bench: 'none', quants: ['Q4_0'] };

beforeAll(async () => {
  lab = await realLab();
  const made = await lab.run({ ...nothing, quants: ['Q8_0'] });
  converted = readFileSync(lab.store().objectPath(outputOf(made, 'convert', 'model.gguf')));
});
afterAll(() => lab[Symbol.dispose]());

function outputOf(ran: Ran, task: string, name: string): string {
  const outcome = ran.result.outcomes.get(task);
  const output = outcome && 'record' in outcome ? outcome.record.outputs.find((one) => one.name === name) : undefined;
  if (!output) throw new Error(`${task} has not made ${name}`);
  return output.sha256;
}

interface Expected {
  /** What is said. */
  message: RegExp;
  /** What the command prints when it is typed again; left out, the end of what the tool printed. */
  again?: RegExp;
  /** Its exit code then; some failures of llama-perplexity and llama-imatrix have 0. */
  code?: number | 'not 0';
}

/** Runs a pipeline whose task fails, and then the command that the failure prints: in another folder, with another environment. */
async function fails(task: string, written: Written, { message, again, code = 'not 0' }: Expected, settings = {}): Promise<void> {
  const ran = await lab.run({ ...nothing, ...written }, { force: [task], ...settings });
  expectFailure(ran, task, { message, ...(again ? { again } : {}), code });
}

function expectFailure(ran: Ran, task: string, { message, again, code }: Expected): void {
  const outcome = ran.result.outcomes.get(task);
  if (outcome?.state !== 'failed') throw new Error(`${task} did not fail: ${outcome?.state}`);
  expect(outcome.message).toMatch(message);
  expect(outcome.lastLines.length).toBeGreaterThan(0);
  const repeated = shell(outcome.command ?? 'no command');
  const printed = repeated.stdout + repeated.stderr;
  if (code === 'not 0') expect(repeated.status).not.toBe(0);
  else expect(repeated.status).toBe(code);
  if (again) expect(printed).toMatch(again);
  else expect(printed).toContain(withoutTimes(outcome.lastLines.at(-1) ?? ''));
}

function withoutTimes(line: string): string {
  return line.replace(/^\d+\.\d\d\.\d{3}\.\d{3} /, '');
}

/** As a person would: a shell of their own, somewhere else. */
function shell(command: string) {
  return spawnSync('sh', ['-c', command], { cwd: tmpdir(), encoding: 'utf8', env: { PATH: process.env['PATH'], LLAMA_ARG_CTX_SIZE: '0' } });
}

/** A folder of the model, changed by `edit`. */
function changedModel(name: string, edit: (folder: string) => void): Written {
  const folder = lab.workspace.path('work', name);
  cpSync(lab.workspace.path('work/model'), folder, { recursive: true });
  edit(folder);
  return { model: { path: name, name: 'Demo' } };
}

function editJson(path: string, edit: (json: Record<string, unknown>) => void): void {
  const json = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  edit(json);
  lab.workspace.write(path.slice(lab.workspace.root.length), JSON.stringify(json));
}

describe('the converter', () => {
  test('does not know the architecture', async () => {
    const model = changedModel('fancy', (folder) =>
      editJson(`${folder}/config.json`, (config) => Object.assign(config, { architectures: ['FancyForCausalLM'], model_type: 'fancy' })),
    );
    await fails('convert', model, { message: /^convert_hf_to_gguf\.py failed with exit code 1: .*the architecture FancyForCausalLM;/ });
  });

  test('finds no tokenizer', async () => {
    const model = changedModel('speechless', (folder) => rmSync(`${folder}/tokenizer.model`));
    await fails('convert', model, { message: /: the model has no tokenizer: / });
  });

  test('finds a tokenizer that is only a pointer', async () => {
    const model = changedModel('pointer', (folder) =>
      lab.workspace.write(`work/pointer/${folder ? 'tokenizer.model' : ''}`, 'version https://git-lfs.github.com/spec/v1\nsize 47534\n'),
    );
    await fails('convert', model, { message: /: tokenizer\.model is damaged, or only a pointer of Git LFS/ });
  });

  test('finds weights missing that the index names', async () => {
    const model = changedModel('lacking', (folder) => {
      const names = ['model.embed_tokens.weight', 'model.layers.9.mlp.up_proj.weight'];
      const map = Object.fromEntries(names.map((name) => [name, 'model.safetensors']));
      lab.workspace.write('work/lacking/model.safetensors.index.json', JSON.stringify({ metadata: {}, weight_map: map }));
      expect(folder).toContain('lacking');
    });
    await fails('convert', model, {
      message: /: (weights are missing: model\.safetensors is not whole|model\.safetensors\.index\.json and the weights)/,
    });
  });

  test('cannot undo a quantization', async () => {
    const model = changedModel('quantized', (folder) =>
      editJson(`${folder}/config.json`, (config) => Object.assign(config, { quantization_config: { quant_method: 'bitsandbytes' } })),
    );
    await fails('convert', { ...model, requantize: true }, { message: /: the weights are quantized \(bitsandbytes\)/ });
  });

  test('does not know a tensor', async () => {
    const model = changedModel('shallow', (folder) =>
      editJson(`${folder}/config.json`, (config) => Object.assign(config, { num_hidden_layers: 2 })),
    );
    await fails('convert', model, { message: /: it does not know what to do with the tensor model\.layers\.2\./ });
  });

  test('finds a damaged file', async () => {
    const model = changedModel('torn', () => lab.workspace.write('work/torn/tokenizer_config.json', '{"add_bos_token":'));
    await fails('convert', model, { message: /: a JSON file of the model is damaged \(/ });
  });

  test('is given an argument that it does not take', async () => {
    await fails(
      'convert',
      { tools: { args: { convert: ['--colour'] } } },
      { message: /exit code 2: it does not take the argument --colour:/ },
    );
  });

  test('runs in a Python that lacks its packages', async () => {
    const { python = '' } = lab.tools.converter ?? {};
    const bare = program('bare-python', `exec ${python} -S "$@"`);
    await fails('convert', {}, { message: /: its Python environment lacks torch; run qpipe setup$/ }, { tools: withConverter(bare) });
  });

  test('runs out of memory', async () => {
    const { python = '' } = lab.tools.converter ?? {};
    const small = program('small-python', `ulimit -v 300000; exec ${python} "$@"`);
    await fails('convert', {}, { message: /memory ran out/ }, { tools: withConverter(small) });
  });
});

describe('llama-quantize', () => {
  test('does not know the architecture of a GGUF', async () => {
    const model = gguf('fancy.gguf', (bytes) => replaceString(bytes, 'llama', 'lmama'));
    await fails('quantize:Q4_0', model, {
      message: /^llama-quantize failed with exit code 1: this llama\.cpp does not know the architecture lmama:/,
    });
  });

  test('finds infinity in the weights', async () => {
    const model = gguf('infinite.gguf', (bytes, { dataOffset, tensors }) => {
      const tensor = tensors.find(({ name }) => name === 'blk.1.ffn_down.weight');
      bytes.writeUInt16LE(0x7c00, dataOffset + (tensor?.offset ?? 0));
    });
    await fails('quantize:Q4_0', model, { message: /: the tensor blk\.1\.ffn_down\.weight holds infinity or NaN/ });
  });

  test('is given an argument that it does not take', async () => {
    await fails('quantize:Q4_0', { tools: { args: { quantize: ['--colour'] } } }, { message: /: it does not take one of its arguments:/ });
  });

  const refusals: [what: string, args: string[], reason: RegExp][] = [
    ['a quantized source', ['Q8_0.gguf', 'x.gguf', 'Q4_0'], /^the source is quantized already \(q8_0\)/],
    ['a type that needs an importance matrix', ['F16.gguf', 'x.gguf', 'IQ2_XXS'], /^this type needs an importance matrix \(first for /],
    [
      'an importance matrix for another model',
      ['--imatrix', 'theirs.gguf', 'F16.gguf', 'x.gguf', 'Q4_0'],
      /importance matrix was made for another model/,
    ],
    [
      'a text for an importance matrix',
      ['--imatrix', 'calibration.txt', 'F16.gguf', 'x.gguf', 'Q4_0'],
      /^the importance matrix cannot be read/,
    ],
    ['a cut GGUF', ['cut.gguf', 'x.gguf', 'Q4_0'], /^the model file is cut: \S+ lies beyond its end$/],
    ['a GGUF cut in its header', ['head.gguf', 'x.gguf', 'Q4_0'], /^the model file is cut or damaged/],
    ['what is no GGUF', ['calibration.txt', 'x.gguf', 'Q4_0'], /^its model file is not a GGUF$/],
    ['a type that it does not know', ['F16.gguf', 'x.gguf', 'Q9_X'], /^it does not know the type Q9_X$/],
    ['metadata without a type', ['--override-kv', 'a=b', 'F16.gguf', 'x.gguf', 'Q4_0'], /^it does not take `a=b` under overrideKv/],
    [
      'a pattern that is none',
      ['--tensor-type', 'attn_(=q8_0', 'F16.gguf', 'x.gguf', 'Q4_0'],
      /^a pattern under tensors is no regular expression/,
    ],
    ['a full disk', ['F16.gguf', '/dev/full', 'Q4_0'], /^its output cannot be written: the disk is full/],
    ['a file that is not there', ['nowhere.gguf', 'x.gguf', 'Q4_0'], /^nowhere\.gguf cannot be opened: No such file or directory$/],
  ];
  test.each(refusals)('called by hand refuses %s', (_what, args, reason) => {
    prepareByHand();
    const { stdout, stderr, status } = byHand('quantize', args);
    expect(status).not.toBe(0);
    expect(quantizeFailure(stdout, stderr)).toMatch(reason);
  });
});

describe('llama-imatrix and llama-perplexity', () => {
  const evaluate = { text: 'evaluation.txt', context: 128, chunks: 8 };
  const quantless = { quants: ['Q8_0'], evaluate };

  test('are given a text that is too short', async () => {
    // More bytes than the tokens that are needed, so that only the tool can tell.
    lab.workspace.write('work/short.txt', 'Once upon a time. '.repeat(80));
    lab.workspace.write('work/shorter.txt', 'Once upon a time. '.repeat(20));
    await fails(
      'imatrix',
      { imatrix: { text: 'short.txt', chunks: 'all' } },
      { message: /^llama-imatrix failed with exit code 1: the calibration text has only \d+ tokens; it needs 1024 at least$/ },
    );
    await fails(
      'logits',
      { evaluate: { text: 'shorter.txt', context: 128, chunks: 'all' } },
      { message: /the evaluation text has only \d+ tokens; it needs 256 at least$/, again: /tokenizes to only \d+ tokens/, code: 0 },
    );
  });

  test('are given arguments that they do not take', async () => {
    const tools = { args: { imatrix: ['--colour'], perplexity: ['-ctk', 'q99'] } };
    await fails(
      'imatrix',
      { imatrix: { text: 'calibration.txt', chunks: 2 }, tools },
      { message: /: it does not take the argument --colour:/, again: /invalid argument: --colour/ },
    );
    await fails(
      'logits',
      { ...quantless, tools },
      { message: /: it does not take the value of its argument -ctk: Unsupported cache type: q99$/, again: /Unsupported cache type/ },
    );
  });

  test('are told of a GPU that is not there', async () => {
    const tools = { args: { perplexity: ['-dev', 'CUDA7'] } };
    await fails('logits', { ...quantless, tools }, { message: /: there is no device CUDA7:/, again: /invalid device: CUDA7/ });
  });

  test('find a tensor missing', async () => {
    const model = gguf('lacking.gguf', (bytes) => replaceString(bytes, 'blk.2.ffn_down.weight', 'blk.2.ffn_dawn.weight'));
    await fails(
      'logits',
      { ...model, ...quantless },
      { message: /^llama-perplexity failed with exit code 1: the model file lacks the tensor blk\.2\.ffn_down\.weight$/ },
    );
  });

  test('do not know the tokenizer', async () => {
    const model = gguf('mute.gguf', (bytes) => replaceString(bytes, 'llama', 'lmama', 'tokenizer.ggml.model'));
    await fails('logits', { ...model, ...quantless }, { message: /: this llama\.cpp does not know the model's tokenizer \(lmama\):/ });
  });

  test('compute nonsense from broken weights', async () => {
    const model = gguf('nan.gguf', (bytes, { dataOffset, tensors }) => {
      const tensor = tensors.find(({ name }) => name === 'blk.1.ffn_down.weight');
      for (let i = 0; i < (tensor?.bytes ?? 0); i += 2) bytes.writeUInt16LE(0x7e00, dataOffset + (tensor?.offset ?? 0) + i);
    });
    await fails(
      'imatrix',
      { ...model, imatrix: { text: 'calibration.txt', chunks: 2 } },
      { message: /: the model computes infinity or NaN \(seen before / },
    );
    await fails(
      'logits',
      { ...model, ...quantless },
      {
        message: /every token had the same probability: the weights or the build are broken$/,
        again: /negative standard deviation/,
        code: 0,
      },
    );
  });

  test('run out of memory', async () => {
    const small = program('small-perplexity', `ulimit -v 60000; exec ${lab.tools.binaries.perplexity} "$@"`);
    await fails(
      'logits',
      quantless,
      { message: /: memory ran out/, again: /failed to allocate|insufficient memory/ },
      { tools: withBinary('perplexity', small) },
    );
  });

  test('called by hand say what is wrong', () => {
    prepareByHand();
    const text = ['-f', 'calibration.txt', '-fit', 'off'];
    const cut = byHand('perplexity', ['-m', 'cut.gguf', ...text]);
    expect(perplexityFailure(cut.stdout, cut.stderr)).toMatch(/^the model file is cut: /);
    const none = byHand('imatrix', ['-m', 'F16.gguf', '-f', 'nowhere.txt', '-o', 'x.gguf']);
    expect(imatrixFailure(none.stdout, none.stderr)).toBe('nowhere.txt cannot be opened');
    const full = byHand('imatrix', ['-m', 'F16.gguf', ...text, '-c', '64', '--chunks', '1', '-o', '/dev/full']);
    expect(full.status).toBe(0);
    expect(imatrixFailure(full.stdout, full.stderr)).toMatch(/^its output cannot be written: the disk is full/);
  });
});

describe('llama-bench', () => {
  const bench = { prompt: 8, generate: 2, rounds: 1 };

  test('does not say why it cannot load a model, but how to hear it', async () => {
    const small = program('small-bench', `ulimit -v 20000; exec ${lab.tools.binaries.bench} "$@"`);
    const ran = await lab.run({ ...nothing, quants: ['Q8_0'], bench }, { tools: withBinary('bench', small) });
    const message = /^llama-bench failed with exit code 1: model\.gguf could not be loaded; .* -v /;
    expectFailure(ran, 'bench:Q8_0:1', { message, code: 'not 0' });
    const outcome = ran.result.outcomes.get('bench:Q8_0:1');
    const verbose = shell(`${outcome?.state === 'failed' ? outcome.command : ''} -v`);
    expect(benchFailure(verbose.stdout, verbose.stderr)).toMatch(/^memory ran out/);
  });

  test('is given an argument that it does not take', async () => {
    const tools = { args: { bench: ['--colour'] } };
    const message = /: it does not take the argument --colour:/;
    await fails('bench:Q8_0:1', { quants: ['Q8_0'], bench, tools }, { message, again: /invalid parameter for argument: --colour/ });
  });
});

describe('a program', () => {
  const deaths: [signal: string, message: RegExp][] = [
    ['ILL', /^llama-quantize crashed \(SIGILL\): its build uses instructions that this processor lacks/],
    ['SEGV', /^llama-quantize crashed \(SIGSEGV\)$/],
    ['ABRT', /^llama-quantize crashed \(SIGABRT\)$/],
    ['KILL', /^llama-quantize was killed \(SIGKILL\), most likely because memory ran out$/],
  ];
  test.each(deaths)('that dies by SIG%s', async (signal, message) => {
    const dying = program(`dying-${signal}`, `echo "about to work" >&2; kill -${signal} $$`);
    await fails('quantize:Q4_0', {}, { message, again: /about to work/ }, { tools: withBinary('quantize', dying) });
  });

  test('whose child dies by a signal', async () => {
    const wrapper = program('wrapper', `echo "about to work" >&2; sh -c 'kill -SEGV $$'; exit $?`);
    await fails(
      'quantize:Q4_0',
      {},
      { message: /^llama-quantize crashed \(SIGSEGV\)$/, again: /about to work/, code: 139 },
      { tools: withBinary('quantize', wrapper) },
    );
  });

  test('that aborts, with the check that failed', async () => {
    const aborting = program('aborting', `echo "/src/ggml.c:12: GGML_ASSERT(a == b) failed" >&2; kill -ABRT $$`);
    const message = /^llama-quantize crashed \(SIGABRT\): a check inside llama\.cpp failed \(a == b at ggml\.c:12\)/;
    await fails('quantize:Q4_0', {}, { message }, { tools: withBinary('quantize', aborting) });
  });

  test('for another processor', async (context) => {
    if (process.platform !== 'linux') context.skip('knows the machine number of ELF files only');
    const other = lab.workspace.path('bin/other');
    cpSync(lab.tools.binaries.quantize, other);
    const bytes = readFileSync(other);
    bytes.writeUInt16LE(0xf3, 18);
    lab.workspace.write('bin/other', bytes);
    chmodSync(other, 0o755);
    await fails(
      'quantize:Q4_0',
      {},
      { message: /: this machine cannot run it: /, again: /Syntax error|Exec format/ },
      { tools: withBinary('quantize', other) },
    );
  });

  test('whose library is missing', async (context) => {
    const other = lab.workspace.path('bin/lonely');
    cpSync(lab.tools.binaries.quantize, other);
    const bytes = readFileSync(other);
    const at = bytes.indexOf('libgomp.so.1\0');
    if (at < 0) context.skip('this build does not use that library');
    bytes.write('libgonk.so.1', at);
    lab.workspace.write('bin/lonely', bytes);
    chmodSync(other, 0o755);
    await fails(
      'quantize:Q4_0',
      {},
      { message: /exit code 127: its library libgonk\.so\.1 is not on this machine/ },
      { tools: withBinary('quantize', other) },
    );
  });
});

describe('a full disk', () => {
  const disks = [
    ['convert', 2, 'convert_hf_to_gguf.py'],
    ['quantize:Q8_0', 14, 'llama-quantize'],
  ] as const;
  test.for(disks)('stops %s, says so, and the command says it again', async ([task, megabytes, tool], context) => {
    const out = lab.workspace.path(`small-${megabytes}`);
    mkdirSync(out);
    const mounted = shell(`mount -t tmpfs -o size=${megabytes}m none '${out}'`);
    if (mounted.status !== 0) context.skip('no small disk can be mounted here');
    try {
      const ran = await lab.run({ ...nothing, quants: ['Q8_0'] }, { out });
      const message = /: (its output cannot be written: the disk is full|the disk is full)/;
      expectFailure(ran, task, { message, again: /requested and \d+ written|iostream error|No space left/, code: 'not 0' });
      expect(ran.message(task)).toContain(tool);
    } finally {
      shell(`umount '${out}'`);
    }
  });
});

/** A GGUF of the model, its bytes changed. */
function gguf(name: string, edit: (bytes: Buffer, header: ReturnType<typeof readGguf>) => void): Written {
  const bytes = Buffer.from(converted);
  const path = lab.workspace.write(`work/${name}`, converted);
  edit(bytes, readGguf(path));
  lab.workspace.write(`work/${name}`, bytes);
  return { model: { gguf: name, name: 'Demo' } };
}

/** Replaces a string by one of the same length: the first, or the first after a key. */
function replaceString(bytes: Buffer, from: string, to: string, after?: string): void {
  const start = after === undefined ? 0 : bytes.indexOf(after) + after.length;
  bytes.write(to, bytes.indexOf(from, start), 'latin1');
}

/** A small program that stands in for another. */
function program(name: string, script: string): string {
  const path = lab.workspace.write(`bin/${name}`, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

function withBinary(name: keyof Binaries, file: string): LlamaCpp {
  return { ...lab.tools, binaries: { ...lab.tools.binaries, [name]: file } };
}

function withConverter(python: string): LlamaCpp {
  return { ...lab.tools, converter: lab.tools.converter && { ...lab.tools.converter, python } };
}

function byHand(name: keyof Binaries, args: string[]) {
  return spawnSync(lab.tools.binaries[name], args, { cwd: lab.workspace.path('hand'), encoding: 'utf8' });
}

/** Files that llama.cpp's programs are tried with, once. */
let isPrepared = false;
function prepareByHand(): void {
  if (isPrepared) return;
  isPrepared = true;
  const folder = dirname(lab.workspace.write('hand/F16.gguf', converted));
  for (const [name, bytes] of [
    ['cut.gguf', 5_000_000],
    ['head.gguf', 20_000],
  ] as const) {
    lab.workspace.write(`hand/${name}`, converted);
    truncateSync(`${folder}/${name}`, bytes);
  }
  lab.workspace.write('hand/tiny.gguf', tinyGguf());
  lab.workspace.write('hand/calibration.txt', readFileSync(lab.workspace.path('work/calibration.txt')).subarray(0, 20_000));
  byHand('quantize', ['F16.gguf', 'Q8_0.gguf', 'Q8_0']);
  byHand('imatrix', ['-m', 'tiny.gguf', '-f', 'calibration.txt', '-c', '64', '--chunks', '2', '-o', 'theirs.gguf']);
}
