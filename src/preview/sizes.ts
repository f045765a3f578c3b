import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import pLimit from 'p-limit';
import { type Gguf, readGguf } from '../gguf/header.ts';
import { aligned, type TensorInfo } from '../gguf/write.ts';
import type { Facts } from '../plan/facts.ts';
import { textConfigOf } from '../plan/model-parts.ts';
import type { Plan } from '../plan/planned.ts';
import type { Input, Task } from '../plan/task.ts';
import type { TaskRecord } from '../store/record.ts';
import type { Store } from '../store/store.ts';
import { recordingBytes } from '../tools/perplexity.ts';
import { type ConvertedHeader, convertedHeader } from './converted-header.ts';
import { expectedCompanionBytes, trunkOf } from './expected-companion.ts';
import { type ExpectedGguf, expectedGguf } from './expected-tensors.ts';
import type { Place } from './place.ts';
import { quantizedSize } from './quantized.ts';
import type { Size } from './size.ts';

export interface Sizer {
  /** Bytes of what a task will write, by output; throws Failure with what would make the task fail. */
  of(task: Task): Promise<Record<string, Size>>;
}

interface Surroundings {
  plan: Plan;
  facts: Facts;
  store: Store;
  /** Of the tasks that are made. */
  records: ReadonlyMap<string, TaskRecord>;
  askConverter: boolean;
  signal?: AbortSignal | undefined;
}

/** Sizes of what is not made yet: from dry runs over the source where there is one, else over what convert will make, as far as the converter or its usual ways tell. */
export function sizer({ plan, facts, store, records, askConverter, signal }: Surroundings): Sizer {
  const atOnce = pLimit(availableParallelism());
  const expected = new Map<string, ExpectedGguf>();
  const model = facts.model.header && (convertOf(plan)?.params.part === 'trunk' ? trunkOf(facts.model.header) : facts.model.header);
  const expectedAs = (type: string): ExpectedGguf | null => {
    if (!model) return null;
    const known = expected.get(type) ?? expectedGguf(model, type);
    expected.set(type, known);
    return known;
  };
  const path = (input: Input) => pathOf(input, store, records);
  let asked: Promise<ConvertedHeader | null> | undefined;
  const converted = () => {
    asked ??= askConverter ? convertedByPlan(plan, place) : Promise.resolve(null);
    return asked;
  };
  const place: Place = { facts, expectedAs, converted, path, signal };
  return {
    of: (task) => {
      switch (task.op) {
        case 'merge':
          return Promise.resolve(mergedSize(place));
        case 'convert':
          return task.id === 'convert'
            ? convertedSize(task as Task<'convert'>, place)
            : companionSize(task as Task<'convert'>, place, askConverter);
        case 'imatrix':
          return imatrixSize(place);
        case 'logits':
          return logitsSize(task as Task<'logits'>, place, textBytes(task, plan));
        case 'dequantize':
          return dequantizedSize(place);
        case 'quantize':
          return atOnce(() => quantizedSize(task as Task<'quantize'>, place));
        default:
          return Promise.resolve({});
      }
    },
  };
}

function pathOf({ source }: Input, store: Store, records: ReadonlyMap<string, TaskRecord>): string | null {
  if ('path' in source) return source.standIn ?? source.path;
  const output = records.get(source.task)?.outputs.find(({ name }) => name === source.output);
  const path = output ? store.objectPath(output.sha256) : null;
  // A record without its bytes: they were not kept, and will be made again.
  return path !== null && existsSync(path) ? path : null;
}

/** Of a plan that has no convert, or whose convert is made, there is nothing to ask. */
function convertedByPlan(plan: Plan, place: Place): Promise<ConvertedHeader | null> {
  const task = convertOf(plan);
  const isMade = task?.outputs.every((output) => place.path({ name: output, source: { task: task.id, output } }) !== null) ?? true;
  return task && !isMade ? convertedHeader(task, place) : Promise.resolve(null);
}

/** The task that makes what everything else is made from. */
function convertOf({ tasks }: Plan): Task<'convert'> | undefined {
  return tasks.find(({ id }) => id === 'convert') as Task<'convert'> | undefined;
}

async function companionSize(task: Task<'convert'>, place: Place, askConverter: boolean): Promise<Record<string, Size>> {
  const { part, type } = task.params;
  const [output = ''] = task.outputs;
  const header = askConverter ? await convertedHeader(task, place) : null;
  if (header) return { [output]: { bytes: header.gguf.size, exact: true, method: 'converter' } };
  const weights = place.facts.model.header;
  if (!weights || !part || part === 'trunk') return {};
  return { [output]: { bytes: expectedCompanionBytes(weights, part, type), exact: false, method: 'headers' } };
}

async function convertedSize(task: Task<'convert'>, { converted, expectedAs }: Place): Promise<Record<string, Size>> {
  const header = await converted();
  if (header) return { 'model.gguf': { bytes: header.gguf.size, exact: true, method: 'converter' } };
  const made = expectedAs(task.params.type);
  return made ? { 'model.gguf': { bytes: made.bytes, exact: false, method: 'headers' } } : {};
}

/** As many bytes for a weight as the base has. */
function mergedSize({ facts: { model } }: Place): Record<string, Size> {
  const bytes = model.parameters * (model.weights === 'F32' ? 4 : 2);
  return {
    'model.safetensors': { bytes, exact: false, method: 'headers' },
    'config.json': { bytes: 1024, exact: false, method: 'headers' },
  };
}

/** Two tensors for each matrix of the layers: a sum for each column, and counts. */
async function imatrixSize({ facts, converted, expectedAs }: Place): Promise<Record<string, Size>> {
  const tensors: Pick<TensorInfo, 'name' | 'shape'>[] =
    (await converted())?.gguf.tensors ??
    expectedAs('f16')?.tensors ??
    facts.model.files.filter(({ name }) => name.endsWith('.gguf')).flatMap(({ path, standIn }) => readGguf(standIn ?? path).tensors);
  const matrices = tensors.filter(({ name, shape }) => name.startsWith('blk.') && (shape[1] ?? 1) > 1);
  const bytes = matrices.reduce((total, { shape: [columns = 0, , experts = 1] }) => {
    const names = 2 * 80;
    return total + names + aligned(4 * columns * experts) + aligned(4 * experts);
  }, 256);
  return { 'imatrix.gguf': { bytes, exact: false, method: 'headers' } };
}

/** Two bytes for each token of the vocabulary at each scored place (llama-perplexity's recording). */
async function logitsSize(
  { params, inputs }: Task<'logits'>,
  { facts, path, converted }: Place,
  text: number,
): Promise<Record<string, Size>> {
  const { context, chunks, atMost } = params;
  const [model] = inputs['model'] ?? [];
  const file = model ? path(model) : null;
  // A quant that is to be the base has the tokens of what it is made from.
  const given = facts.model.files.find(({ name }) => name.endsWith('.gguf'));
  const there = file ?? given?.standIn ?? given?.path ?? null;
  const known = there ? readGguf(there) : ((await converted())?.gguf ?? null);
  const vocabulary = known ? tokensOf(known) : Number(textConfigOf(facts.model.header?.config ?? {})['vocab_size'] ?? 0);
  if (vocabulary === 0) return {};
  const bytesPerToken = 4;
  const count = chunks === 'all' ? Math.max(1, Math.floor(text / bytesPerToken / context)) : chunks;
  const isExact = known !== null && chunks !== 'all' && !atMost;
  return { 'base.kld': { bytes: recordingBytes({ context, vocabulary, chunks: count }), exact: isExact, method: 'headers' } };
}

/** Of a text as it will be read; of conversations what they are before they are rendered. */
function textBytes({ inputs }: Task, { tasks }: Plan): number {
  const [source] = (inputs['text'] ?? []).map((input) => input.source);
  if (!source || 'path' in source) return source?.size ?? 0;
  const render = tasks.find(({ id }) => id === source.task);
  const [read] = (render?.inputs['conversations'] ?? []).map((input) => input.source);
  return read && 'path' in read ? read.size : 0;
}

/** Two bytes for each weight. */
function dequantizedSize({ facts, expectedAs }: Place): Promise<Record<string, Size>> {
  const bytes = expectedAs('f16')?.bytes ?? 2 * facts.model.parameters;
  return Promise.resolve({ 'dequantized.gguf': { bytes, exact: false, method: 'headers' } });
}

function tokensOf({ metadata }: Gguf): number {
  const tokens = metadata.get('tokenizer.ggml.tokens');
  return typeof tokens === 'object' ? tokens.length : 0;
}
