// Records what the tools of a llama.cpp release print, for the tests of src/tools/. Small models are made on the spot.
//
//   node scripts/record-output.mjs v0.5.0 <llama.cpp checkout> <folder of its programs> <python of the converter> [<tool>/<case>]
//
// With the start of a case's name (`perplexity/choices`), all is run and only those are written.
// Writes test/fixtures/output/<tool>/<release>/<case>.{stdout,stderr}.txt; absolute paths are replaced, nothing else is changed.

import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const [release, checkout, programs, python, only = ''] = process.argv.slice(2);
if (!python) {
  console.error('usage: node scripts/record-output.mjs <release> <llama.cpp checkout> <folder of its programs> <python>');
  process.exit(2);
}
const fixtures = join(dirname(fileURLToPath(import.meta.url)), '../test/fixtures/output');
const work = mkdtempSync(join(tmpdir(), 'record-'));
const converter = resolve(checkout, 'convert_hf_to_gguf.py');

makeModels();
makeTexts();
recordConvert();
recordImatrix();
recordQuantize();
recordPerplexity();
recordChoices();
recordBench();
recordCompletion();
recordLoad();
rmSync(work, { recursive: true });

/** `llama`: what most is tried with. `narrow`: rows that no K-quant can hold, and another vocabulary. `experts`: more experts than a short text reaches. */
function makeModels() {
  const script = `
import glob, os, shutil, torch, sentencepiece
from transformers import LlamaConfig, LlamaForCausalLM, MixtralConfig, MixtralForCausalLM
text = '\\n'.join(open(f, encoding='utf8').read() for f in sorted(glob.glob('${resolve(checkout)}/docs/**/*.md', recursive=True)))
open('all.txt', 'w').write(text)
common = dict(num_hidden_layers=1, num_attention_heads=4, num_key_value_heads=2, max_position_embeddings=2048, bos_token_id=1, eos_token_id=2)
def make(name, size, kind, config):
    torch.manual_seed(1)
    kind(config(vocab_size=size, **common)).save_pretrained(name)
    sentencepiece.SentencePieceTrainer.train(input='all.txt', model_prefix=name + '/tokenizer', vocab_size=size, model_type='bpe',
        byte_fallback=True, num_threads=1, max_sentence_length=20000, minloglevel=2)
    os.remove(name + '/tokenizer.vocab')
make('llama', 1000, LlamaForCausalLM, lambda **c: LlamaConfig(hidden_size=256, intermediate_size=512, **c))
make('narrow', 800, LlamaForCausalLM, lambda **c: LlamaConfig(hidden_size=192, intermediate_size=336, head_dim=48, **c))
make('experts', 1000, MixtralForCausalLM, lambda **c: MixtralConfig(hidden_size=256, intermediate_size=256, num_local_experts=32, num_experts_per_tok=2, **c))
`;
  writeFileSync(join(work, 'make.py'), script);
  execFileSync(python, ['make.py'], { cwd: work, stdio: ['ignore', 'ignore', 'inherit'] });
}

function makeTexts() {
  const text = readFileSync(join(work, 'all.txt'), 'utf8');
  writeFileSync(join(work, 'calibration.txt'), text.slice(0, 30_000));
  writeFileSync(join(work, 'evaluation.txt'), text.slice(-30_000));
  writeFileSync(join(work, 'short.txt'), text.slice(0, 1500));
}

function recordConvert() {
  const convert = (name, source, output) =>
    record('convert', name, python, [converter, source, '--outfile', output, '--outtype', 'f16', '--model-name', source]);
  convert('llama', 'llama', 'llama.gguf');
  for (const model of ['narrow', 'experts']) prepare(python, [converter, model, '--outfile', `${model}.gguf`, '--model-name', model]);

  cpSync(join(work, 'llama'), join(work, 'no-tokenizer'), { recursive: true });
  rmSync(join(work, 'no-tokenizer/tokenizer.model'));
  convert('no-tokenizer', 'no-tokenizer', 'x.gguf');

  cpSync(join(work, 'llama'), join(work, 'unknown-architecture'), { recursive: true });
  editJson('unknown-architecture/config.json', (config) => ({ ...config, architectures: ['FancyForCausalLM'], model_type: 'fancy' }));
  convert('unknown-architecture', 'unknown-architecture', 'x.gguf');

  cpSync(join(work, 'no-tokenizer'), join(work, 'unknown-pre-tokenizer'), { recursive: true });
  writeFileSync(join(work, 'unknown-pre-tokenizer/tokenizer.json'), JSON.stringify(oddTokenizer()));
  writeFileSync(join(work, 'unknown-pre-tokenizer/tokenizer_config.json'), JSON.stringify({ tokenizer_class: 'PreTrainedTokenizerFast' }));
  convert('unknown-pre-tokenizer', 'unknown-pre-tokenizer', 'x.gguf');

  cpSync(join(work, 'llama'), join(work, 'unknown-tensor'), { recursive: true });
  renameTensor('unknown-tensor/model.safetensors', 'model.norm.weight', 'model.norx.weight');
  convert('unknown-tensor', 'unknown-tensor', 'x.gguf');
}

function recordImatrix() {
  const imatrix = (name, args, until) => record('imatrix', name, program('imatrix'), [...args, '-t', '2', '-fit', 'off'], until);
  imatrix('llama', ['-m', 'llama.gguf', '-f', 'calibration.txt', '-o', 'imatrix.gguf', '-c', '512', '--chunks', '8'], /Final estimate/);
  imatrix('experts', ['-m', 'experts.gguf', '-f', 'calibration.txt', '-o', 'experts-imatrix.gguf', '-c', '16', '-b', '16', '--chunks', '1'], /partial/);
  imatrix('short-text', ['-m', 'llama.gguf', '-f', 'short.txt', '-o', 'x.gguf', '-c', '512'], /tokenizes to/);
  imatrix('no-text', ['-m', 'llama.gguf', '-f', 'missing.txt', '-o', 'x.gguf', '-c', '512']);
}

function recordQuantize() {
  const quantize = (name, ...args) => record('quantize', name, program('quantize'), args);
  quantize('usage');
  quantize('dry-run', '--dry-run', 'llama.gguf', 'Q4_K_M', '2');
  quantize('dry-run-needs-imatrix', '--dry-run', 'llama.gguf', 'IQ2_XXS', '2');
  quantize('dry-run-fallbacks', '--dry-run', 'narrow.gguf', 'Q4_K_M', '2');
  quantize('no-fallback', '--dry-run', 'narrow.gguf', 'Q1_0', '2');
  quantize('dry-run-experts', '--dry-run', 'experts.gguf', 'Q4_K_M', '2');
  quantize('with-imatrix', '--imatrix', 'imatrix.gguf', 'llama.gguf', 'quant.gguf', 'Q4_K_M', '2');
  quantize('without-imatrix', 'llama.gguf', 'x.gguf', 'IQ2_XXS', '2');
  quantize('other-imatrix', '--imatrix', 'imatrix.gguf', 'narrow.gguf', 'x.gguf', 'Q4_K_M', '2');
  quantize('imatrix-lacks-entry', '--imatrix', 'experts-imatrix.gguf', 'llama.gguf', 'x.gguf', 'IQ2_XXS', '2');
  quantize('no-imatrix-file', '--imatrix', 'missing.gguf', 'llama.gguf', 'x.gguf', 'Q4_K_M', '2');
  quantize('quantized-source', 'quant.gguf', 'x.gguf', 'Q2_K', '2');
  quantize('unknown-type', 'llama.gguf', 'x.gguf', 'Q9_X', '2');
  quantize('unknown-tensor-type', '--tensor-type', 'attn_q=q99', '--dry-run', 'llama.gguf', 'Q4_K_M');
  quantize('unwritable', 'llama.gguf', '/dev/full', 'Q8_0', '2');
  quantize('missing-model', 'missing.gguf', 'x.gguf', 'Q8_0', '2');
  cpSync(join(work, 'llama.gguf'), join(work, 'cut.gguf'));
  truncateSync(join(work, 'cut.gguf'), 1_000_000);
  quantize('cut-model', 'cut.gguf', 'x.gguf', 'Q8_0', '2');
}

function recordPerplexity() {
  const settings = ['-t', '2', '-fit', 'off'];
  const perplexity = (name, args, until) => record('perplexity', name, program('perplexity'), [...args, ...settings], until);
  const compare = (model, base, context = '512') => ['-m', model, '--kl-divergence-base', base, '--kl-divergence', '-c', context];
  perplexity(
    'logits',
    ['-m', 'llama.gguf', '-f', 'evaluation.txt', '-c', '512', '--chunks', '8', '--kl-divergence-base', 'base.kld'],
    /Final estimate/,
  );
  perplexity('divergence', compare('quant.gguf', 'base.kld'), /Same top p:/);
  perplexity('divergence-of-itself', compare('llama.gguf', 'base.kld'), /Same top p:/);
  perplexity('other-vocabulary', compare('narrow.gguf', 'base.kld'), /inconsistent vocabulary/);
  prepare(program('perplexity'), '-m narrow.gguf -f evaluation.txt -c 512 --chunks 2 --kl-divergence-base narrow.kld'.split(' '));
  perplexity('smaller-vocabulary', compare('quant.gguf', 'narrow.kld'), /Same top p:/);
  perplexity('small-context', [...compare('quant.gguf', 'base.kld', '256'), '-b', '256'], /failed to decode/);
  perplexity('missing-base', compare('quant.gguf', 'missing.kld'), /failed to open/);
  truncateSync(join(work, 'base.kld'), 1_000_000);
  perplexity('cut-base', compare('quant.gguf', 'base.kld'), /failed reading/);
  perplexity('short-text', ['-m', 'llama.gguf', '-f', 'short.txt', '-c', '512', '--kl-divergence-base', 'x.kld'], /tokenizes to/);
  perplexity('missing-model', ['-m', 'missing.gguf', '-f', 'evaluation.txt'], /unable to load/);
  perplexity('cut-model', ['-m', 'cut.gguf', '-f', 'evaluation.txt'], /unable to load/);
  perplexity('unknown-argument', ['-m', 'llama.gguf', '-f', 'evaluation.txt', '--colour']);
  perplexity('no-memory', ['-m', 'llama.gguf', '-f', 'evaluation.txt', '-c', '4000000', '-b', '4000000', '-ub', '4000000'], /failed to create/);
}

/** Questions with given answers: good files and broken ones. After the broken ones the tool exits with 0, or dies. */
function recordChoices() {
  const settings = ['-c', '512', '-np', '4', '-t', '2', '-fit', 'off'];
  const ask = (name, kind, file, ...more) =>
    record('perplexity', `choices-${name}`, program('perplexity'), ['-m', 'quant.gguf', '-bf', file, `--${kind}`, ...more, ...settings]);
  const sentence = (i) => `The ${['cat', 'dog', 'farmer', 'clock'][i % 4]} number ${i} went to the`;
  const endings = ['house', 'long river bank', 'end', 'cat'];
  const hellaswag = Array.from({ length: 24 }, (_, i) => [sentence(i), i % 4, ...endings.map((end) => `${end} ${i}.`)].join('\n'));
  write('hellaswag.txt', `${hellaswag.join('\n')}\n`);
  ask('hellaswag', 'hellaswag', 'hellaswag.txt', '--hellaswag-tasks', '12');
  write('hellaswag-lines.txt', `${hellaswag.join('\n')}\nand one more\n`);
  ask('hellaswag-lines', 'hellaswag', 'hellaswag-lines.txt', '--hellaswag-tasks', '12');
  write('hellaswag-label.txt', `${hellaswag.join('\n').replace(/^\d$/m, 'three')}\n`);
  ask('hellaswag-label', 'hellaswag', 'hellaswag-label.txt', '--hellaswag-tasks', '24');
  write('hellaswag-long.txt', ['word '.repeat(3000), 0, ...endings, ''].join('\n'));
  ask('hellaswag-long', 'hellaswag', 'hellaswag-long.txt', '--hellaswag-tasks', '1');

  const winogrande = Array.from({ length: 24 }, (_, i) => `${i},"The cat saw the dog, and _ number ${i} ran home.",cat,dog,${1 + (i % 2)}`);
  write('winogrande.csv', `${winogrande.join('\n')}\n`);
  ask('winogrande', 'winogrande', 'winogrande.csv', '--winogrande-tasks', '12');
  write('winogrande-broken.csv', `${winogrande.join('\n').replace('_', '-').replace(',2\n', ',3\n')}\n`);
  ask('winogrande-broken', 'winogrande', 'winogrande-broken.csv', '--winogrande-tasks', '12');
  write('empty.csv', '\n');
  ask('winogrande-empty', 'winogrande', 'empty.csv', '--winogrande-tasks', '12');

  const questions = Array.from({ length: 24 }, (_, i) => question(`What is number ${i}?`, ['a cat', 'a dog', 'a clock', `number ${i}`], i % 4));
  write('questions.bin', binary(questions));
  ask('multiple-choice', 'multiple-choice', 'questions.bin', '--multiple-choice-tasks', '12');
  write('cut.bin', binary(questions).subarray(0, 400));
  ask('multiple-choice-cut', 'multiple-choice', 'cut.bin', '--multiple-choice-tasks', '24');
  write('many.bin', binary([question('Which?', ['a', 'b', 'c', 'd', 'e', 'f'], 0)]));
  ask('multiple-choice-many', 'multiple-choice', 'many.bin', '--multiple-choice-tasks', '1');
}

function write(name, content) {
  writeFileSync(join(work, name), content);
}

/** A question, its answers with the right one marked, and no answers of the other kind. */
function question(text, answers, right) {
  const labels = answers.map((_, i) => u32(i === right ? 1 : 0));
  return Buffer.concat([string(text), u32(answers.length), ...answers.map(string), ...labels, u32(0)]);
}

/** How many there are, where each one lies, and the questions. */
function binary(questions) {
  const start = 4 + 4 * questions.length;
  const places = questions.map((_, i) => u32(start + Buffer.concat(questions.slice(0, i)).length));
  return Buffer.concat([u32(questions.length), ...places, ...questions]);
}

function string(text) {
  return Buffer.concat([u32(Buffer.byteLength(text)), Buffer.from(text)]);
}

function u32(value) {
  return Buffer.from(new Uint32Array([value]).buffer);
}

function recordBench() {
  const bench = (name, ...args) => record('bench', name, program('bench'), [...args, '-r', '2', '-t', '2', '-o', 'jsonl', '--progress']);
  bench('llama', '-m', 'quant.gguf', '-p', '32', '-n', '8');
  bench('missing-model', '-m', 'missing.gguf', '-p', '32', '-n', '8');
  bench('unknown-argument', '-m', 'quant.gguf', '--colour');
}

/** Answers, as the log has them that `src/tools/completion.ts` asks for: that ends by itself, that is cut, of bytes that are no characters. */
function recordCompletion() {
  prepare(python, [converter, join(fixtures, '../../../pipelines/demo'), '--outfile', 'demo.gguf', '--outtype', 'f16', '--model-name', 'demo']);
  write('question.txt', 'Question: Why is the sky blue?\nAnswer:\n');
  write('numbers.txt', '1 2 3 4 5 6 7 8 9\n');
  const greedy = '--samplers top_k --top-k 1 --temp 0 --seed 1 -no-cnv --no-escape --no-display-prompt --special --no-context-shift --no-warmup --perf';
  const told = '-lv 5 --log-prefix --log-timestamps -fit off -t 2 -tb 2';
  const ask = (name, model, prompt, tokens, context = '256', until = /(?:)/) =>
    record(
      'completion',
      name,
      program('completion'),
      ['-m', model, '-f', prompt, '-n', tokens, '-c', context, '--log-file', `${name}.log`, ...greedy.split(' '), ...told.split(' ')],
      until,
      { log: `${name}.log` },
    );
  ask('ended', 'demo.gguf', 'question.txt', '60');
  ask('cut', 'demo.gguf', 'question.txt', '12');
  ask('one', 'demo.gguf', 'question.txt', '1');
  ask('digits', 'demo.gguf', 'numbers.txt', '24');
  ask('bytes', 'llama.gguf', 'question.txt', '64');
  const failing = (name, ...args) => record('completion', name, program('completion'), [...args, '-no-cnv', '-fit', 'off'], /(?:)/);
  failing('missing-model', '-m', 'missing.gguf', '-f', 'question.txt');
  failing('cut-model', '-m', 'cut.gguf', '-f', 'question.txt');
  failing('unknown-argument', '-m', 'demo.gguf', '-f', 'question.txt', '--colour');
  failing('long-prompt', '-m', 'demo.gguf', '-f', 'short.txt', '-c', '256', '-n', '1');
}

/** A model as it is loaded when its load and its memory are measured, and what llama-fit-params says of it. */
function recordLoad() {
  const flags = '-c 512 -b 2048 -ub 512 -ctk f16 -ctv f16 -fa auto';
  const load = '-n 4 -fit off -lm mmap -t 2 -tb 2 -no-cnv --no-display-prompt --simple-io --ignore-eos --temp 0 --seed 1 --perf --log-prefix --log-timestamps';
  record('completion', 'load', program('completion'), ['-m', 'demo.gguf', '-f', 'question.txt', ...flags.split(' '), ...load.split(' ')]);
  const fit = (name, model) =>
    record('fit-params', name, program('fit-params'), ['-m', model, '-fitp', 'on', ...flags.split(' '), '--no-repack']);
  fit('demo', 'demo.gguf');
  fit('missing-model', 'missing.gguf');
}

/** Makes a file that the recordings need. */
function prepare(file, args) {
  execFileSync(file, args, { cwd: work, stdio: 'ignore' });
}

/** @param until what the output must hold: an unpatched release may lose its last lines, and is then run again */
function record(tool, name, file, args, until = /(?:)/, { log } = {}) {
  for (let attempt = 0; attempt < 40; attempt++) {
    const { stdout, stderr, status, signal } = spawnSync(file, args, { cwd: work, encoding: 'utf8' });
    if (!until.test(stdout + stderr)) continue;
    if (!`${tool}/${name}`.startsWith(only)) return;
    const folder = join(fixtures, tool, release);
    mkdirSync(folder, { recursive: true });
    if (log !== undefined) {
      writeFileSync(join(folder, `${name}.log.txt`), withoutPaths(lastPart(readFileSync(join(work, log), 'latin1'))), 'latin1');
      return;
    }
    writeFileSync(join(folder, `${name}.stdout.txt`), withoutPaths(stdout));
    writeFileSync(join(folder, `${name}.stderr.txt`), withoutPaths(stderr));
    console.log(`${tool} ${name}: ${signal ?? `exit code ${status}`}`);
    return;
  }
  throw new Error(`${tool} ${name} never printed ${until}`);
}

/** From the prompt on: what comes before is about the model. */
function lastPart(log) {
  return log.slice(log.lastIndexOf('\n', log.indexOf('tokenize the prompt')) + 1);
}

function withoutPaths(text) {
  const environment = dirname(dirname(resolve(python)));
  const places = [
    [work, '<work>'],
    [realpathSync(work), '<work>'],
    [resolve(programs), '<bin>'],
    [resolve(checkout), '<llama.cpp>'],
    [environment, '<venv>'],
  ];
  return places.reduce((result, [path, name]) => result.replaceAll(path, name), text);
}

function program(name) {
  return join(resolve(programs), `llama-${name}`);
}

function editJson(path, edit) {
  writeFileSync(join(work, path), JSON.stringify(edit(JSON.parse(readFileSync(join(work, path), 'utf8')))));
}

/** Names of equal length, so that the header keeps its size. */
function renameTensor(path, from, to) {
  const bytes = readFileSync(join(work, path));
  bytes.write(to, bytes.indexOf(`"${from}"`) + 1, 'latin1');
  writeFileSync(join(work, path), bytes);
}

/** A byte-pair tokenizer whose behaviour no release knows. */
function oddTokenizer() {
  const letters = [...'abcdefghijklmnopqrstuvwxyz '];
  return {
    version: '1.0',
    added_tokens: [],
    pre_tokenizer: { type: 'Split', pattern: { String: 'e' }, behavior: 'Isolated', invert: false },
    model: { type: 'BPE', vocab: Object.fromEntries(letters.map((letter, i) => [letter, i])), merges: [] },
  };
}
