import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LlamaCpp } from '../../src/index.ts';
import { explain } from '../../src/index.ts';
import { mergeBeyondMemory } from '../../src/preview/merge-memory.ts';
import { loraTensors, writeAdapter } from '../support/adapters.ts';
import { type FakeLab, fakeLab, small } from '../support/fake-lab.ts';
import type { Ran } from '../support/lab.ts';

/** Nights of a model with an adapter: what is made again, what is kept, and what a failure lets through. */
let lab: FakeLab;
beforeEach(() => {
  lab = fakeLab({ ...small, imatrix: 'none', model: { path: 'model', name: 'Tiny', adapter: './adapter' } });
  writeAdapter(lab.workspace, {}, 'work/adapter');
});
afterEach(() => lab[Symbol.dispose]());

/** With a Python that runs our scripts too. */
function tools(): LlamaCpp {
  const { converter } = lab.tools;
  if (!converter) throw new Error('the stand-ins have a converter');
  return { ...lab.tools, converter: { ...converter, python: lab.workspace.path('bin/python') } };
}

function night(changes = {}): Promise<Ran> {
  return lab.run(changes, { tools: tools() });
}

const all = ['convert', 'divergence:Q4_K_M', 'divergence:base', 'logits', 'merge', 'probe', 'quantize:Q4_K_M'];

const anotherAdapter = () => writeAdapter(lab.workspace, { tensors: withValue(0.25) }, 'work/adapter');

function withValue(value: number) {
  return Object.fromEntries(Object.entries(loraTensors).map(([name, shape]) => [name, { shape: shape as number[], value }]));
}

function filesOf(pipeline: string): string[] {
  return readdirSync(lab.workspace.path('out', pipeline)).filter((name) => name.endsWith('.gguf'));
}

function mergedBytes({ result }: Ran): string {
  const merged = result.outcomes.get('merge');
  if (!merged || !('record' in merged)) throw new Error(`merge is ${merged?.state}`);
  return lab.store().objectPath(merged.record.outputs.find(({ name }) => name === 'model.safetensors')?.sha256 ?? '');
}

describe('another night', () => {
  test('with the same adapter runs nothing, whatever lies beside it, although the merged weights were dropped', async () => {
    const first = await night();
    expect(first.ran).toEqual(all);
    expect(existsSync(mergedBytes(first))).toBe(false);
    for (const name of ['README.md', 'optimizer.pt', 'training_args.bin', 'checkpoint-8/adapter_model.safetensors'])
      lab.workspace.write(`work/adapter/${name}`, 'x');
    expect((await night()).ran).toEqual([]);
  });

  test('with another adapter runs the merge and what follows', async () => {
    const first = await night();
    anotherAdapter();
    const second = await night();
    expect(second.ran).toEqual(all);
    expect(second.row('Q4_K_M').file?.sha256).not.toBe(first.row('Q4_K_M').file?.sha256);
  });

  test('with an adapter that another version of PEFT has saved again, or from another place, runs nothing', async () => {
    const first = await night();
    const config = {
      peft_version: '99',
      base_model_name_or_path: '/elsewhere/base',
      revision: 'v2',
      inference_mode: true,
      task_type: null,
      lora_dropout: 0.5,
      target_modules: ['up_proj', 'q_proj'],
      later_size: 16,
    };
    writeAdapter(lab.workspace, { config }, 'work/adapter');
    const second = await night();
    expect(second.ran).toEqual([]);
    expect(second.row('Q4_K_M').file?.sha256).toBe(first.row('Q4_K_M').file?.sha256);
  });

  test('with an adapter of other settings runs the merge and what follows, and says which', async () => {
    await night();
    writeAdapter(lab.workspace, { config: { lora_alpha: 8 } }, 'work/adapter');
    const { plan, facts, store } = await lab.look({}, { tools: tools() });
    const [first] = explain(plan, facts, [], { store });
    expect(first).toMatchObject({ task: 'merge', reasons: [{ kind: 'params', path: 'lora.alpha', old: 4, new: 8 }] });
    expect((await night()).ran).toContain('merge');
  });

  test('says that the adapter is why', async () => {
    await night();
    anotherAdapter();
    const { plan, facts, store } = await lab.look({}, { tools: tools() });
    const [first] = explain(plan, facts, [], { store });
    expect(first).toMatchObject({
      task: 'merge',
      reasons: [{ kind: 'input', role: 'adapter', name: 'adapter/adapter_model.safetensors' }],
    });
  });
});

test('a merge that the machine has no memory for is known before it begins, and no matter once it is made', async () => {
  const look = async () => {
    const { plan, facts, store } = await lab.look({}, { tools: tools() });
    return mergeBeyondMemory(plan, { ...facts, machine: { ...facts.machine, memoryBytes: 1000 } }, store);
  };
  expect(await look()).toEqual({ needed: expect.any(Number), there: 1000 });
  await night();
  expect(await look()).toBeNull();
});

describe('a failure', () => {
  test('of the tokenizer ships nothing, not the converted model either, and leaves the files of the night before', async () => {
    const before = await night();
    const shipped = filesOf('tiny');
    expect(shipped).toEqual(['Tiny-F16.gguf', 'Tiny-Q4_K_M.gguf']);
    anotherAdapter();
    lab.fakes.misbehave({ at: 'probe', otherEnd: true });
    const ran = await night();
    expect(ran.message('probe')).toMatch(/^the eos token of the converted model is 1, and the tokenizer's files say 7/);
    expect(ran.ended('done')).toEqual(['convert', 'merge']);
    expect(ran.ended('skipped')).toEqual(['divergence:Q4_K_M', 'divergence:base', 'logits', 'quantize:Q4_K_M']);
    expect(filesOf('tiny')).toEqual(shipped);
    const bytes = readFileSync(lab.workspace.path('out/tiny/Tiny-F16.gguf'));
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(before.row('base').file?.sha256);
  });

  test('of the first night leaves no file at all', async () => {
    lab.fakes.misbehave({ at: 'tokenize', exit: 1 });
    expect((await night()).ended('failed')).toEqual(['probe']);
    expect(filesOf('tiny')).toEqual([]);
  });

  test('of llama.cpp to read a text as Python does is one', async () => {
    lab.fakes.misbehave({ at: 'tokenize', other: true });
    expect((await night()).message('probe')).toContain('of the digits "1 2", token 1 differs');
  });

  test('to change any weight is one', async () => {
    lab.fakes.misbehave({ at: 'merge', idle: true });
    const ran = await night();
    expect(ran.message('merge')).toMatch(/^the adapter is without effect/);
    expect(ran.ended('done')).toEqual([]);
  });

  test('to write what was announced is one', async () => {
    lab.fakes.misbehave({ at: 'merge', noFile: true });
    expect((await night()).message('merge')).toContain('the merge ended well but its file is not whole');
  });

  test('of the conversion keeps the merged weights for another attempt', async () => {
    lab.fakes.misbehave({ at: 'convert', exit: 1 });
    const failed = await night();
    expect(existsSync(mergedBytes(failed))).toBe(true);
    lab.fakes.misbehave();
    expect((await night()).ran).toEqual(all.filter((task) => task !== 'merge'));
    expect(existsSync(mergedBytes(failed))).toBe(false);
  });
});
