import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import pLimit from 'p-limit';
import { type Gguf, readGguf } from '../gguf/header.ts';
import { aligned, type TensorInfo } from '../gguf/write.ts';
import type { Facts, Input, Task } from '../plan/task.ts';
import type { TaskRecord } from '../store/record.ts';
import type { Store } from '../store/store.ts';
import { type ExpectedGguf, expectedGguf, textConfigOf } from './expected-tensors.ts';
import type { Place } from './place.ts';
import { quantizedSize } from './quantized.ts';
import type { Size } from './size.ts';

export interface Sizer {
  /** Bytes of what a task will write, by output; throws Failure with what would make the task fail. */
  of(task: Task): Promise<Record<string, Size>>;
}

interface Surroundings {
  facts: Facts;
  store: Store;
  /** Of the tasks that are made. */
  records: ReadonlyMap<string, TaskRecord>;
  signal?: AbortSignal | undefined;
}

/** Sizes of what is not made yet: from dry runs over the source where there is one, else over what convert is expected to make. */
export function sizer({ facts, store, records, signal }: Surroundings): Sizer {
  const atOnce = pLimit(availableParallelism());
  const expected = new Map<string, ExpectedGguf>();
  const expectedAs = (type: string): ExpectedGguf | null => {
    if (!facts.model.header) return null;
    const known = expected.get(type) ?? expectedGguf(facts.model.header, type);
    expected.set(type, known);
    return known;
  };
  const place: Place = { facts, expectedAs, path: (input) => pathOf(input, store, records), signal };
  return {
    of: (task) => {
      switch (task.op) {
        case 'convert':
          return Promise.resolve(convertedSize(task as Task<'convert'>, place));
        case 'imatrix':
          return Promise.resolve(imatrixSize(place));
        case 'logits':
          return Promise.resolve(logitsSize(task as Task<'logits'>, place));
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

function convertedSize(task: Task<'convert'>, { expectedAs }: Place): Record<string, Size> {
  const made = expectedAs(task.params.type);
  return made ? { 'model.gguf': { bytes: made.bytes, exact: false, method: 'headers' } } : {};
}

/** Two tensors for each matrix of the layers: a sum for each column, and counts. */
function imatrixSize({ facts, expectedAs }: Place): Record<string, Size> {
  const tensors: Pick<TensorInfo, 'name' | 'shape'>[] =
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
function logitsSize({ params, inputs }: Task<'logits'>, { facts, path }: Place): Record<string, Size> {
  const { context, chunks } = params;
  const [model] = inputs['model'] ?? [];
  const file = model ? path(model) : null;
  // A quant that is to be the base has the tokens of what it is made from.
  const given = facts.model.files.find(({ name }) => name.endsWith('.gguf'));
  const known = file ?? given?.standIn ?? given?.path ?? null;
  const vocabulary = known ? tokensOf(readGguf(known)) : Number(textConfigOf(facts.model.header?.config ?? {})['vocab_size'] ?? 0);
  if (vocabulary === 0) return {};
  const text = facts.evaluation?.size ?? 0;
  const bytesPerToken = 4;
  const count = chunks === 'all' ? Math.max(1, Math.floor(text / bytesPerToken / context)) : chunks;
  const scored = context - 1 - Math.floor(context / 2);
  const row = 2 * (2 * Math.ceil(vocabulary / 2) + 4);
  return { 'base.kld': { bytes: 20 + count * (4 * context + scored * row), exact: known !== null && chunks !== 'all', method: 'headers' } };
}

function tokensOf({ metadata }: Gguf): number {
  const tokens = metadata.get('tokenizer.ggml.tokens');
  return typeof tokens === 'object' ? tokens.length : 0;
}
