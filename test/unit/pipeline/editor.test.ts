import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isMap, isNode, isScalar, parseDocument, visit } from 'yaml';
import { jsonSchema } from '../../../src/pipeline/schema.ts';
import { repository } from '../../support/cli.ts';
import { editor } from '../../support/editor.ts';

interface SchemaNode {
  $ref?: string;
  anyOf?: SchemaNode[];
  properties?: Record<string, SchemaNode>;
  items?: SchemaNode;
  description?: string;
  enum?: string[];
  const?: string | boolean;
  not?: object;
  $defs?: Record<string, SchemaNode>;
}

/** A key or, within a list, `[]`. */
type Step = string;

interface Key {
  path: Step[];
  name: string;
  description: string;
  available: boolean;
  /** Words that a value may be. */
  words: string[];
}

const root = jsonSchema() as SchemaNode;
const keys = keysOf(root, [], []);
const available = keys.filter((key) => key.available);
const full = `name: x
model: { path: ./model, name: X }
convert: { type: bf16 }
base: Q8_0
imatrix: { text: ./calibration.txt, chunks: 128, from: Q8_0, missing: raise }
quants:
  - Q8_0
  - type: Q4_K_M
    name: Q4_K_L
    tensors: { output: Q8_0 }
    pure: true
    leaveOutput: true
    overrideKv: ['tokenizer.ggml.add_bos_token=bool:false']
    imatrix: false
compare:
  - { path: ./theirs.gguf, name: theirs }
evaluate:
  text: ./heldout.txt
  context: 512
  chunks: 64
bench: { prompt: 512, generate: 128, rounds: 6, threads: auto, quants: [Q4_K_L] }
keep: passed
requantize: false
tools:
  llamaCpp: { path: ~/llama.cpp/build/bin, cmake: [-DGGML_CUDA=ON] }
  python: python3.12
  gpuLayers: 99
  threads: 8
  args: { convert: [-v], imatrix: [-v], quantize: [-v], perplexity: [--no-repack], bench: [-v] }
`;

const onTheHub = `model:
  repo: meta-llama/Llama-2-7b-hf
  revision: main
  trust: [pickle]
  companions: [mmproj]
imatrix:
  text: { repo: me/texts, repoType: dataset, file: a.zip, revision: main, member: a.txt }
quants: Q4_K_M
compare:
  - { repo: me/other, file: Q4_K_M, revision: main, as: other }
evaluate:
  text: { repo: me/texts, repoType: dataset, file: a.parquet, revision: main, column: text }
`;
const fromFiles = `model: { gguf: { repo: me/other, file: Q8_0, revision: main } }
imatrix: { file: { repo: me/other, file: imatrix.gguf, revision: main } }
quants: Q4_K_M
evaluate: { text: { path: ./a.zip, sha256: x, member: a.txt } }
`;
const more = `model: ./model
imatrix: { text: { path: ./a.parquet, sha256: x, column: text } }
quants: Q4_K_M
evaluate: { name: x, text: { path: ./a.zip, member: a.txt } }
arithmetic: [Q4_K_M]
choices:
  hellaswag: { path: ./a.zip, member: a.txt, questions: 400 }
  winogrande: { repo: me/texts, repoType: dataset, file: a.csv, revision: main }
  multipleChoice: ./a.bin
`;
const conversations = `model: ./model
imatrix: { text: { chat: { repo: me/texts, repoType: dataset, file: a.jsonl, revision: main } } }
quants: Q4_K_M
evaluate: { text: { chat: { repo: me/texts, repoType: dataset, file: b.jsonl, revision: main } } }
`;

const asking = `model: ./model
quants: Q4_K_M
samples:
  prompts:
    - name: follow-up
      text: Why?
      messages:
        - role: user
          content: Why?
  file: ./prompts.jsonl
  tokens: 64
  template: auto
  system: Be short.
tools:
  args: { completion: [--no-repack] }
`;
const onDevices = `model: ./model
quants: Q4_K_M
bench: { depth: [0, 2048], batch: 2048, ubatch: 512, warmup: true, sustained: 600 }
load: { context: 4096, kvType: q8_0, rounds: 3, mmap: true, prompt: full, quants: [Q4_K_M] }
recommend:
  device: { name: board, memory: 8GiB, reserve: 1GiB, vram: 8GiB, cards: 1, bandwidth: 50GB/s, instructions: dotprod }
  context: 4096
  kvType: q8_0
  ubatch: 128
  minTg: 5
  maxTtft: 20
  prefer: quality
  thresholds: { broken: 0.4, silent: 0.005, balanced: 0.02, balancedTimes: 1.5, speed: 0.15 }
`;
/** The same in a list. */
const onSeveralDevices = onDevices.replace('  device:', '  - device:').replaceAll(/^ {2}(?=\w)/gm, '    ');

const shipping = `model: { repo: me/base, adapter: { path: ./adapter, repo: me/lora, revision: main } }
quants: Q4_K_M
samples:
  prompts:
    - must: { json: true }
notify:
  slack: x
  webhook: x
  run: [./tell.sh]
  when: always
gates:
  - { metric: kld, quant: Q4_K_M, text: x, max: 1, min: 0, vs: { table: x }, maxIncrease: 1, maxDecrease: 1, confidence: 0.95, level: warn }
  - { metric: kld, vs: { median: 5 }, maxIncrease: 15% }
  - { default: true, baseline: x }
publish:
  repo: me/mine
  to: ./published
  rsync: me@there:/srv
  run: [./upload.sh]
  timeLimit: 6h
  texts: true
  visibility: public
  tag: nightly
  files: [Q4_K_M]
  splitOver: 49G
  keep: 3
  card:
    quantizedBy: me
    tags: [x]
    summary: x
`;
/** The same in lists. */
const shippingTwice = shipping
  .replace('  slack:', '  - slack:')
  .replace('  repo: me/mine', '  - repo: me/mine')
  .replaceAll(/^ {2}(?=(webhook|run|when|to|rsync|timeLimit|texts|visibility|tag|files|splitOver|keep|card):)/gm, '    ')
  .replaceAll(/^ {4}(?=(quantizedBy|tags|summary):)/gm, '      ');

describe('an editor with YAML support', () => {
  test('is asked about every key', () => {
    expect(keys.map((key) => key.name)).toEqual(expect.arrayContaining(['quants[].type', 'quants[][].type', 'tools.args.perplexity']));
    expect(keys.filter(({ description }) => description === '')).toEqual([]);
  });

  test.each(keys)('offers $name, and explains it', async ({ path, description }) => {
    const offers = await editor.offers(`${block(path.slice(0, -1))}|`);
    expect(offers).toContainEqual({ label: path.at(-1), explanation: description });
  });

  test.each(keys.filter(({ path }) => path.length > 1))('offers $name between braces, from its first letter', async ({ path }) => {
    const [key = ''] = path.slice(-1);
    const offers = await editor.offers(`${block(path.slice(0, -1)).trimEnd()} { ${key[0]}| }`);
    expect(offers.map(({ label }) => label)).toContain(key);
  });

  test.each(keys)('explains $name where it is written', async ({ path, description }) => {
    expect(await editor.hover(`${block(path.slice(0, -1))}|${path.at(-1)}: x`)).toContain(description);
  });

  test.each(keys.filter(({ words }) => words.length > 0))('offers the values of $name: $words', async ({ path, words }) => {
    const offers = await editor.offers(`${block(path.slice(0, -1))}${path.at(-1)}: |`);
    expect(offers.map(({ label }) => label)).toEqual(expect.arrayContaining(words));
  });

  test('explains each key of pipelines that have them all', async () => {
    const documents = [full, onTheHub, fromFiles, more, conversations, asking, onDevices, onSeveralDevices, shipping, shippingTwice];
    const known = ({ name }: { name: string }) => available.find((key) => key.name === name);
    for (const text of documents)
      for (const key of keysIn(text).filter(known))
        expect(await editor.hover(withCursor(text, key.offset + 1))).toContain(known(key)?.description);
    const written = documents.flatMap(keysIn).map(({ name }) => name);
    const left = available.map(({ name }) => name).filter((name) => !written.includes(name));
    // Other spellings of these are there.
    expect(left).toEqual(['extends', ...left.filter((name) => /^quants(\.|\[\]\[\])|^evaluate\[\]\.|^choices\.\w+\./.test(name))]);
  });
});

describe('an editor marks', () => {
  test.each(available)('a slip in $name', async ({ path }) => {
    const slip = `${path.at(-1)}x`;
    const complaints = await editor.complaints(`${block(path.slice(0, -1))}${slip}: 1`);
    expect(complaints).toContainEqual({ at: slip, message: `Property ${slip} is not allowed.` });
  });

  test.each([
    ['keep: al', 'al'],
    ['requantize: 3', '3'],
    ['evaluate: { chunks: many }', 'many'],
    ['evaluate: { context: 1 }', '1'],
    ['imatrix: { missing: rise }', 'rise'],
    ['bench: non', 'non'],
    ['bench: { rounds: x }', 'x'],
    ['convert: { type: q8 }', 'q8'],
    ['tools: { gpuLayers: all }', 'all'],
    ['tools: { args: { bench: -v } }', '-v'],
    ['compare: ./theirs.gguf', './theirs.gguf'],
    ['quants: 3', '3'],
    ['quants: [{ type: Q4_0, pure: 1 }]', '1'],
    ['publish: { repo: mine }', 'mine'],
  ])('the value of %s', async (line, at) => {
    const complaints = await editor.complaints(`extends: ./base.yaml\n${line}\n`);
    expect(complaints.map((complaint) => complaint.at)).toContain(at);
  });

  test('what is missing', async () => {
    const messages = async (text: string) => (await editor.complaints(text)).map(({ message }) => message);
    expect(await messages('model: x')).toEqual(['Missing property "quants".']);
    expect(await messages('model: x\nquants: [{ name: Q4 }]')).toEqual(['Missing property "type".']);
    expect(await messages('extends: x')).toEqual([]);
  });
});

describe('an editor has nothing against', () => {
  test('pipelines/demo.yaml', async () => {
    expect(await editor.complaints(readFileSync(`${repository}pipelines/demo.yaml`, 'utf8'))).toEqual([]);
  });

  test('a pipeline that has every key', async () => {
    expect(await editor.complaints(full)).toEqual([]);
  });

  const pages = ['write-a-pipeline', 'texts', 'samples'].map((page) => readFileSync(`${repository}docs/${page}.md`, 'utf8')).join('\n');
  const examples = [...pages.matchAll(/```yaml\n(.*?)```/gs)].flatMap(([, text = '']) => text.split(/^(?=\w)/m));
  test.each(examples)('this of the documentation: %s', async (example) => {
    expect(await editor.complaints(example.startsWith('extends:') ? example : `extends: x\n${example}`)).toEqual([]);
  });

  test.each(['name', 'keep', 'requantize', 'bench.rounds', 'tools.threads', 'model.name'])('a variable in %s', async (name) => {
    const [key, inner] = name.split('.');
    const value = `\${NAME:-1}`;
    expect(await editor.complaints(`extends: x\n${key}: ${inner === undefined ? value : `\n  ${inner}: ${value}`}\n`)).toEqual([]);
  });
});

/** Every key of the schema with its place, through alternatives, lists and definitions; a definition within itself once. */
function keysOf(node: SchemaNode, path: Step[], through: string[]): Key[] {
  const target = node.$ref?.replace('#/$defs/', '');
  const seen = through.filter((name) => name === target).length;
  const referred = target && seen < 2 ? root.$defs?.[target] : undefined;
  const found = [
    ...Object.entries(node.properties ?? {}).flatMap(([key, child]) => [
      keyAt([...path, key], child),
      ...keysOf(child, [...path, key], through),
    ]),
    ...(node.anyOf ?? []).flatMap((other) => keysOf(other, path, through)),
    ...(node.items ? keysOf(node.items, [...path, '[]'], through) : []),
    ...(target && referred ? keysOf(referred, path, [...through, target]) : []),
  ];
  return found.filter(({ name }, i) => found.findIndex((other) => other.name === name) === i);
}

function keyAt(path: Step[], node: SchemaNode): Key {
  return { path, name: nameOf(path), description: node.description ?? '', available: node.not === undefined, words: wordsOf(node) };
}

function wordsOf(node: SchemaNode): string[] {
  return [...(node.enum ?? []), ...(node.const === undefined ? [] : [String(node.const)]), ...(node.anyOf ?? []).flatMap(wordsOf)];
}

/** As the documentation writes it: `quants[].type`. */
function nameOf(path: Step[]): string {
  return path.join('.').replaceAll('.[]', '[]');
}

/** The lines around a place, up to where its key begins. */
function block(path: Step[]): string {
  const newLine = (depth: number) => (depth === 0 || path[depth - 1] === '[]' ? '' : `\n${'  '.repeat(depth)}`);
  return path.map((step, depth) => newLine(depth) + (step === '[]' ? '- ' : `${step}:`)).join('') + newLine(path.length);
}

function withCursor(text: string, offset: number): string {
  return `${text.slice(0, offset)}|${text.slice(offset)}`;
}

/** The keys that a text has, by name, and where each one stands. */
function keysIn(text: string): { name: string; offset: number }[] {
  const found: { name: string; offset: number }[] = [];
  visit(parseDocument(text), {
    Pair(_, { key }, ancestors) {
      if (!isScalar(key) || !key.range) return;
      const steps = ancestors.flatMap((ancestor, i) => {
        const next = ancestors[i + 1];
        if (!isNode(ancestor))
          return isScalar((ancestor as { key?: unknown }).key) ? [String((ancestor as { key: { value: unknown } }).key.value)] : [];
        return !isMap(ancestor) && next !== undefined ? ['[]'] : [];
      });
      found.push({ name: nameOf([...steps, String(key.value)]), offset: key.range[0] });
    },
  });
  return found;
}
