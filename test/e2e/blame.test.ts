import '../support/own-machine.ts';
import { describe, expect, test } from 'vitest';
import { type Blame, type Build, blame } from '../../src/blame/blame.ts';
import { Leaves } from '../../src/provenance/leaves.ts';
import type { GateVerdict, Results } from '../../src/results/schema.ts';
import { rememberedDigests } from '../../src/store/digest.ts';
import type { LlamaCpp } from '../../src/tools/llama-cpp.ts';
import { loraTensors, writeAdapter } from '../support/adapters.ts';
import { type FakeLab, fakeLab, small } from '../support/fake-lab.ts';
import type { Ran } from '../support/lab.ts';
import { someText, writeTinyModel } from '../support/tiny-model.ts';

const row = 'Q4_K_M';
const fileOf = (results: Results) => results.rows.find(({ name }) => name === row)?.file?.sha256;
const textOf = ({ conditions }: Results) => conditions.evaluation?.sha256;

/** A gate on the quant that says no to what a test takes for bad. */
function gate(isBad: (results: Results) => boolean) {
  return (results: Results): GateVerdict[] => {
    const outcome = isBad(results) ? 'fail' : 'pass';
    return [{ metric: 'kld', quant: row, level: 'fail', outcome, evidence: `it is ${outcome}` }];
  };
}

async function blamed(lab: FakeLab, good: Ran, bad: Ran, judge: ReturnType<typeof gate>, builds: LlamaCpp[] = [lab.tools]): Promise<Blame> {
  const store = lab.store();
  const digests = rememberedDigests(store.path('statcache.ndjson'));
  const openHub = () => Promise.reject(new Error('nothing is on the Hub'));
  const build = ({ plan, results }: Ran): Build => ({ plan, results: { ...results, gates: judge(results) } });
  return await blame(build(good), build(bad), {
    store,
    digests,
    leaves: new Leaves({ store, digests, folders: [], openHub }),
    tools: lab.tools,
    toolsOf: (id) => builds.find((one) => one.build.id === id) ?? null,
    capacity: { threads: 2, memoryBytes: 2 ** 33 },
    emit: () => {},
    judge,
    version: 'test',
  });
}

const other = (lab: FakeLab): LlamaCpp => ({ ...lab.tools, build: { ...lab.tools.build, id: 'c'.repeat(64) } });
const laterTexts = { evaluate: { text: 'later.txt', context: 32, chunks: 8 } };

/** A good build, from which later ones differ. The texts of both stay where they are. */
async function begun(): Promise<{ lab: FakeLab; good: Ran; isAnotherFile: (results: Results) => boolean }> {
  const lab = fakeLab(small);
  lab.workspace.write('work/later.txt', someText(400, 'later'));
  lab.workspace.write('work/recalibrated.txt', someText(2200, 'recalibrated'));
  const good = await lab.run();
  return { lab, good, isAnotherFile: (results) => fileOf(results) !== fileOf(good.results) };
}

describe('blame', () => {
  test('names the weights, although a text is another one too', async () => {
    const { lab, good, isAnotherFile } = await begun();
    using _lab = lab;
    writeTinyModel(lab.workspace, 'work/model', 2);
    const bad = await lab.run(laterTexts);
    const found = await blamed(lab, good, bad, gate(isAnotherFile));
    expect(found).toMatchObject({ changed: ['weights', 'texts'], named: [['weights']], run: bad.result.id, against: good.result.id });
    expect(found.trials.map(({ swapped, state }) => [swapped, state])).toEqual([
      [['weights'], 'fails'],
      [['texts'], 'passes'],
    ]);
    expect(found.sentence).toBe('The weights did it: with nothing else changed the gate fails.');
  });

  test('names the weights where only the adapter is another one, and a text too', async () => {
    const model = { path: 'model', name: 'Tiny', adapter: './adapter' };
    using lab = fakeLab({ ...small, imatrix: 'none', model });
    lab.workspace.write('work/later.txt', someText(400, 'later'));
    const { converter } = lab.tools;
    const tools = { ...lab.tools, ...(converter ? { converter: { ...converter, python: lab.workspace.path('bin/python') } } : {}) };
    writeAdapter(lab.workspace, {}, 'work/adapter');
    const good = await lab.run({}, { tools });
    const tensors = Object.fromEntries(
      Object.entries(loraTensors).map(([name, shape]) => [name, { shape: shape as number[], value: 0.25 }]),
    );
    writeAdapter(lab.workspace, { tensors }, 'work/adapter');
    const bad = await lab.run(laterTexts, { tools });
    const isBad = (results: Results) => fileOf(results) !== fileOf(good.results);
    expect(await blamed(lab, good, bad, gate(isBad), [tools])).toMatchObject({ changed: ['weights', 'texts'], named: [['weights']] });
  });

  test('names the weights where only the settings of the adapter are others, and a text too', async () => {
    using lab = fakeLab({ ...small, imatrix: 'none', model: { path: 'model', name: 'Tiny', adapter: './adapter' } });
    lab.workspace.write('work/later.txt', someText(400, 'later'));
    const { converter } = lab.tools;
    const tools = { ...lab.tools, ...(converter ? { converter: { ...converter, python: lab.workspace.path('bin/python') } } : {}) };
    writeAdapter(lab.workspace, {}, 'work/adapter');
    const good = await lab.run({}, { tools });
    writeAdapter(lab.workspace, { config: { lora_alpha: 64 } }, 'work/adapter');
    const bad = await lab.run(laterTexts, { tools });
    const isBad = (results: Results) => fileOf(results) !== fileOf(good.results);
    expect(await blamed(lab, good, bad, gate(isBad), [tools])).toMatchObject({ changed: ['weights', 'texts'], named: [['weights']] });
  });

  test('tries a new adapter with the tokenizer before it, although the same folder was written over', async () => {
    using lab = fakeLab({ ...small, imatrix: 'none', model: { path: 'model', name: 'Tiny', adapter: './adapter' } });
    const { converter } = lab.tools;
    const tools = { ...lab.tools, ...(converter ? { converter: { ...converter, python: lab.workspace.path('bin/python') } } : {}) };
    const vocabulary = lab.workspace.read('work/model/vocab.txt');
    const save = (value: number, files: Record<string, string>) => {
      const tensors = Object.fromEntries(Object.entries(loraTensors).map(([name, shape]) => [name, { shape: shape as number[], value }]));
      writeAdapter(lab.workspace, { tensors, files }, 'work/adapter');
    };
    save(0.5, { 'vocab.txt': vocabulary });
    const good = await lab.run({}, { tools });
    save(0.25, { 'vocab.txt': vocabulary.replace('token7\n', 'tokenseven\n') });
    const bad = await lab.run({}, { tools });
    const found = await blamed(
      lab,
      good,
      bad,
      gate((results) => fileOf(results) === fileOf(bad.results)),
      [tools],
    );
    expect(found.changed).toEqual(['weights', 'tokenizer']);
    const [weights, tokenizer] = found.trials;
    expect(weights).toMatchObject({ swapped: ['weights'], state: 'passes' });
    // The weights before are gone: nobody keeps those.
    expect(tokenizer).toMatchObject({ swapped: ['tokenizer'], state: 'impossible' });
    expect(tokenizer?.why).toContain('adapter_model.safetensors');
  });

  test('names the texts where the calibration changed, although the tools did too', async () => {
    const { lab, good } = await begun();
    using _lab = lab;
    const imatrix = { text: 'recalibrated.txt', chunks: 4 };
    const bad = await lab.run({ imatrix }, { tools: other(lab) });
    const isBad = (results: Results) => results.rows[1]?.quality?.kld.value !== good.row(row).quality?.kld.value;
    const found = await blamed(lab, good, bad, gate(isBad), [lab.tools, other(lab)]);
    expect(found).toMatchObject({ changed: ['texts', 'tools'], named: [['texts']] });
  });

  test('names the tools', async () => {
    const { lab, good, isAnotherFile } = await begun();
    using _lab = lab;
    const bad = await lab.run({}, { tools: other(lab) });
    const found = await blamed(lab, good, bad, gate(isAnotherFile), [lab.tools, other(lab)]);
    expect(found).toMatchObject({ changed: ['tools'], named: [['tools']] });
  });

  test('names the tokenizer', async () => {
    const { lab, good, isAnotherFile } = await begun();
    using _lab = lab;
    lab.workspace.write('work/model/vocab.txt', lab.workspace.read('work/model/vocab.txt').replace('token7\n', 'tokenseven\n'));
    const found = await blamed(lab, good, await lab.run(), gate(isAnotherFile));
    expect(found).toMatchObject({ changed: ['tokenizer'], named: [['tokenizer']] });
  });

  test('names what the pipeline says', async () => {
    const { lab, good, isAnotherFile } = await begun();
    using _lab = lab;
    const bad = await lab.run({ quants: [{ type: 'Q4_K_M', pure: true }] });
    expect(await blamed(lab, good, bad, gate(isAnotherFile))).toMatchObject({ changed: ['settings'], named: [['settings']] });
  });

  test('says of two that they only do it together', async () => {
    const { lab, good, isAnotherFile } = await begun();
    using _lab = lab;
    writeTinyModel(lab.workspace, 'work/model', 2);
    const bad = await lab.run(laterTexts);
    const isBad = (results: Results) => isAnotherFile(results) && textOf(results) !== textOf(good.results);
    const found = await blamed(lab, good, bad, gate(isBad));
    expect(found.named).toEqual([['weights', 'texts']]);
    expect(found.sentence).toBe('The weights and texts do it together, neither alone.');
  });

  test('says what cannot be tried, as its bytes are gone', async () => {
    const { lab, good, isAnotherFile } = await begun();
    using _lab = lab;
    writeTinyModel(lab.workspace, 'work/model', 2);
    const bad = await lab.run(laterTexts);
    lab.workspace.write('work/evaluation.txt', 'written over');
    lab.store().drop(textOf(good.results) ?? '');
    const found = await blamed(lab, good, bad, gate(isAnotherFile));
    expect(found.trials[0]).toMatchObject({
      swapped: ['weights'],
      state: 'impossible',
      why: expect.stringMatching(/^evaluation\.txt .* is not here any more$/),
    });
    expect(found.sentence).toBe('The weights and texts do it together. What could not be tried: weights.');
  });

  test('names nothing where the same inputs came out otherwise', async () => {
    const { lab, good } = await begun();
    using _lab = lab;
    const found = await blamed(
      lab,
      good,
      good,
      gate(() => true),
    );
    expect(found).toMatchObject({ changed: [], trials: [], named: [] });
  });

  test('names what a gate could not be judged for', async () => {
    const { lab, good } = await begun();
    using _lab = lab;
    const bad = await lab.run(laterTexts);
    const judge = (results: Results): GateVerdict[] => {
      const outcome = textOf(results) === textOf(good.results) ? 'pass' : 'unjudged';
      return [{ metric: 'loss', quant: row, level: 'fail', outcome, evidence: 'the texts differ' }];
    };
    const found = await blamed(lab, good, bad, judge);
    expect(found).toMatchObject({ named: [['texts']], sentence: 'The texts did it: with nothing else changed the gate cannot be judged.' });
  });

  test('runs only what neither build has', async () => {
    const { lab, good, isAnotherFile } = await begun();
    using _lab = lab;
    writeTinyModel(lab.workspace, 'work/model', 2);
    const bad = await lab.run();
    const before = lab.fakes.calls().length;
    expect(await blamed(lab, good, bad, gate(isAnotherFile))).toMatchObject({ named: [['weights']] });
    expect(lab.fakes.calls()).toHaveLength(before);
  });
});
