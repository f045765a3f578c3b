import '../support/own-machine.ts';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { textProblems } from '../../src/compare/conditions.ts';
import { Leaves } from '../../src/provenance/leaves.ts';
import type { Results } from '../../src/results/schema.ts';
import { rememberedDigests } from '../../src/store/digest.ts';
import type { LlamaCpp } from '../../src/tools/llama-cpp.ts';
import { measureAgain } from '../../src/trial/measure-again.ts';
import { measuredLike } from '../../src/trial/measured-like.ts';
import { loraTensors, writeAdapter } from '../support/adapters.ts';
import { type FakeLab, fakeLab, small } from '../support/fake-lab.ts';
import type { Ran, Written } from '../support/lab.ts';
import { someText, writeTinyModel } from '../support/tiny-model.ts';

const row = 'Q4_K_M';

function begun(changes: Written = {}): FakeLab {
  const lab = fakeLab({ ...small, ...changes });
  lab.workspace.write('work/later.txt', someText(400, 'later'));
  lab.workspace.write('work/code.txt', someText(400, 'code'));
  return lab;
}

/** @param earlier as its results lie in the store: by the run's id alone */
async function again(lab: FakeLab, earlier: Ran, later: Ran, tools: LlamaCpp = lab.tools, metric = 'loss') {
  const store = lab.store();
  const digests = rememberedDigests(store.path('statcache.ndjson'));
  const openHub = () => Promise.reject(new Error('nothing is on the Hub'));
  const desk = {
    store,
    digests,
    leaves: new Leaves({ store, digests, folders: [], openHub }),
    tools,
    toolsOf: (id: string) => (id === tools.build.id ? tools : null),
    capacity: { threads: 2, memoryBytes: 2 ** 33 },
    emit: () => {},
    version: 'test',
  };
  return await measureAgain({ results: earlier.results, of: [{ metric, quant: row }] }, later.plan, desk);
}

/** With a Python that runs our scripts too. */
function withPython(plain: FakeLab): FakeLab {
  const { converter } = plain.tools;
  const tools = { ...plain.tools, ...(converter ? { converter: { ...converter, python: plain.workspace.path('bin/python') } } : {}) };
  return { ...plain, tools, run: (changes, settings) => plain.run(changes, { tools, ...settings }) };
}

function numbers(results: Results): unknown {
  const { conditions, rows, baseHeldOut } = results;
  return {
    evaluation: conditions.evaluation,
    baseHeldOut,
    rows: rows.map(({ name, quality, slices, heldOut }) => ({ name, quality, slices, heldOut })),
  };
}

/** That an earlier build measured as a later one is what it would have been, had it been measured so itself. */
async function expectAsItself(lab: FakeLab, later: Written, change: () => void = () => {}, back: () => void = () => {}): Promise<void> {
  const earlier = await lab.run();
  change();
  const now = await lab.run(later);
  const found = await again(lab, earlier, now);
  expect(found).toHaveProperty('results.run.id', earlier.results.run.id);
  back();
  const itself = await lab.run(later, { out: lab.workspace.path('elsewhere') });
  if ('results' in found) expect(numbers(found.results)).toEqual(numbers(itself.results));
  expect(numbers(itself.results)).not.toEqual(numbers(earlier.results));
}

function withValue(value: number) {
  return Object.fromEntries(Object.entries(loraTensors).map(([name, shape]) => [name, { shape: shape as number[], value }]));
}

const otherWeights = (lab: FakeLab, seed: number) => writeTinyModel(lab.workspace, 'work/model', seed);

describe('an earlier build, measured as a later one', () => {
  test.each<[string, Written]>([
    ['on another text', { evaluate: { text: 'later.txt', context: 32, chunks: 8 } }],
    ['with another context', { evaluate: { text: 'evaluation.txt', context: 48, chunks: 8 } }],
    ['on fewer chunks', { evaluate: { text: 'evaluation.txt', context: 32, chunks: 7 } }],
    [
      'on two texts',
      { evaluate: [{ text: 'later.txt' }, { text: 'code.txt', name: 'code' }].map((one) => ({ ...one, context: 32, chunks: 8 })) },
    ],
  ])('%s, has the numbers that it would have had itself', async (_how, later) => {
    using lab = begun();
    await expectAsItself(
      lab,
      later,
      () => otherWeights(lab, 2),
      () => otherWeights(lab, 1),
    );
  });

  test('is its own adapter, not the later one', async () => {
    using plain = begun({ imatrix: 'none', model: { path: 'model', name: 'Tiny', adapter: './adapter' } });
    const lab = withPython(plain);
    const train = (value: number) => writeAdapter(lab.workspace, { tensors: withValue(value) }, 'work/adapter');
    train(1);
    await expectAsItself(
      lab,
      { evaluate: { text: 'later.txt', context: 32, chunks: 8 } },
      () => train(2),
      () => train(1),
    );
  });

  test('is without the adapter that the later one has', async () => {
    using plain = begun({ imatrix: 'none' });
    const lab = withPython(plain);
    writeAdapter(lab.workspace, {}, 'work/adapter');
    const earlier = await lab.run();
    const later = { evaluate: { text: 'later.txt', context: 32, chunks: 8 } };
    const now = await lab.run({ ...later, model: { path: 'model', name: 'Tiny', adapter: './adapter' } });
    const found = await again(lab, earlier, now);
    const itself = await lab.run(later, { out: lab.workspace.path('elsewhere') });
    expect('results' in found ? numbers(found.results) : found).toEqual(numbers(itself.results));
  });

  test('is each row by itself, also where two rows are one file by now', async () => {
    using lab = begun({ quants: ['Q8_0', 'Q2_K'], imatrix: 'none' });
    await lab.run();
    for (const type of ['Q8_0', 'Q2_K'])
      lab.workspace.write(`work/${type}.gguf`, readFileSync(lab.workspace.path(`out/tiny/Tiny-${type}.gguf`)));
    const beside = (two: string) => ({
      compare: [
        { path: 'Q2_K.gguf', name: 'one' },
        { path: `${two}.gguf`, name: 'two' },
      ],
    });
    const { plan: earlier } = await lab.look(beside('Q8_0'));
    const { plan: later } = await lab.look({ ...beside('Q2_K'), evaluate: { text: 'later.txt', context: 32, chunks: 8 } });
    const mixed = measuredLike(earlier, later);
    const read = (row: string) => mixed?.tasks.find(({ id }) => id === `divergence:${row}`)?.inputs['model']?.map(({ source }) => source);
    const file = (row: string) => earlier.rows.find(({ name }) => name === row)?.file.map(({ source }) => source);
    expect([read('one'), read('two')]).toEqual([file('one'), file('two')]);
    expect(read('one')).not.toEqual(read('two'));
  });

  test('reads conversations as its own template writes them, and does not compare where that is another one', async () => {
    const talk = (words: string) =>
      Array.from({ length: 40 }, (_, i) =>
        JSON.stringify({ messages: [{ role: 'user', content: `${words} ${someText(12, `${words} ${i}`)}` }] }),
      ).join('\n');
    using lab = begun({ evaluate: { text: { chat: 'talk.jsonl' }, context: 32, chunks: 8 } });
    const template = (word: string) =>
      lab.workspace.write('work/model/chat_template.jinja', `{% for message in messages %}${word} {{ message.content }}\n{% endfor %}`);
    for (const name of ['talk', 'later']) lab.workspace.write(`work/${name}.jsonl`, talk(name));
    template('said');
    const earlier = await lab.run();
    template('wrote');
    const text = { evaluate: { text: { chat: 'later.jsonl' }, context: 32, chunks: 8 } };
    const later = await lab.run(text);
    const found = await again(lab, earlier, later);
    template('said');
    const itself = await lab.run(text, { out: lab.workspace.path('elsewhere') });
    expect('results' in found ? numbers(found.results) : found).toEqual(numbers(itself.results));
    const [first, second] = [itself, later].map(({ results }) => results.conditions.evaluation);
    if (!first || !second) throw new Error('no text was evaluated');
    expect(textProblems(first, second)).toEqual([expect.stringMatching(/^rendered text: /)]);
  });

  test('with the weights as they were rounded too', async () => {
    using lab = begun({ arithmetic: true });
    const earlier = await lab.run();
    otherWeights(lab, 2);
    const text = { evaluate: { text: 'later.txt', context: 32, chunks: 8 } };
    const later = await lab.run(text);
    const found = await again(lab, earlier, later, lab.tools, 'kld_dequantized');
    otherWeights(lab, 1);
    const itself = await lab.run(text, { out: lab.workspace.path('elsewhere') });
    const dequantized = ({ rows }: Results) => rows.map(({ name, arithmetic }) => ({ name, arithmetic }));
    expect('results' in found ? dequantized(found.results) : found).toEqual(dequantized(itself.results));
    expect(dequantized(itself.results)).not.toEqual(dequantized(later.results));
  });

  test('is not measured on what its importance matrix was made from', async () => {
    using lab = begun();
    const earlier = await lab.run();
    const swapped = { imatrix: { text: 'evaluation.txt', chunks: 4 }, evaluate: { text: 'calibration.txt', context: 32, chunks: 8 } };
    expect(await again(lab, earlier, await lab.run(swapped))).toEqual({ why: 'its importance matrix was made from this text' });
  });

  test('leaves no more behind than a run of a pipeline that keeps nothing', async () => {
    using lab = begun({ keep: 'none' });
    const earlier = await lab.run();
    const later = await lab.run({ evaluate: { text: 'later.txt', context: 32, chunks: 8 } });
    const objects = () =>
      readdirSync(lab.workspace.path('out/store/cas'), { recursive: true, encoding: 'utf8' }).filter((name) => name.length > 60);
    const isModel = (name: string) => readFileSync(lab.workspace.path('out/store/cas', name)).subarray(0, 4).toString() === 'GGUF';
    const models = () => objects().filter(isModel).length;
    const before = models();
    expect(await again(lab, earlier, later)).toHaveProperty('results');
    expect(models()).toBe(before);
  });

  test('makes nothing again that is in the store, also with another build of llama.cpp', async () => {
    using lab = begun();
    const earlier = await lab.run();
    const tools = { ...lab.tools, build: { ...lab.tools.build, id: 'c'.repeat(64) } };
    const later = await lab.run({ evaluate: { text: 'later.txt', context: 32, chunks: 8 } }, { tools });
    const before = lab.fakes.called().length;
    expect(await again(lab, earlier, later, tools)).toHaveProperty('results');
    expect(
      lab.fakes
        .called()
        .slice(before)
        .map((about) => about.split(':')[0]),
    ).toEqual(['divergence']);
  });

  test('cannot be, where its files and the build that made them are gone, and says so', async () => {
    using lab = begun({ keep: 'none' });
    const earlier = await lab.run();
    const tools = { ...lab.tools, build: { ...lab.tools.build, id: 'c'.repeat(64) } };
    const later = await lab.run({ evaluate: { text: 'later.txt', context: 32, chunks: 8 } }, { tools });
    expect(await again(lab, earlier, later, tools)).toEqual({
      why: expect.stringMatching(/needs a build of llama\.cpp that is not here any more/),
    });
  });
});
