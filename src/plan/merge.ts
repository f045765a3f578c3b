import type { AdapterFacts, FileFact } from './facts.ts';
import { isLicence } from './licence.ts';
import type { Input } from './task.ts';
import type { TaskBook } from './task-book.ts';
import { isTokenizerSetting } from './tokenizer-files.ts';

/** What the converter reads of a model with an adapter: the merged weights, and of the rest what the adapter has before what the base has. */
export function mergedSource(book: TaskBook, adapter: AdapterFacts): Input[] {
  const base = book.brought('model', book.facts.model.files);
  const own = book.brought('adapter', adapter.files);
  const outputs = ['model.safetensors', 'config.json'];
  const task = book.add('merge', null, {
    params: { rows: adapter.rows, lora: adapter.lora },
    inputs: {
      base: inputsIn(
        'base',
        base.filter((file) => adapter.baseWeights.includes(file.name) || isConfig(file)),
      ),
      // Without its config: who saved it, and when, decides nothing.
      adapter: inputsIn(
        'adapter',
        own.filter((file) => isAdapterItself(file) && !isAdapterConfig(file)),
      ),
    },
    outputs,
    identity: { merger: book.facts.tools.converter?.merger ?? '', platform: book.facts.platform },
  });
  return [...outputs.map((output) => ({ name: output, source: { task, output } })), ...inputsIn(null, beside(base, own, adapter))];
}

/** Asks whether the tokenizer came through. Returns the task's id. */
export function tokenizerProbe(book: TaskBook, adapter: AdapterFacts, converted: { task: string; output: string }): string {
  const base = book.brought('model', book.facts.model.files);
  const files = beside(base, book.brought('adapter', adapter.files), adapter);
  return book.add('probe', null, {
    params: {},
    inputs: {
      model: [{ name: 'model.gguf', source: converted }],
      // The base's config.json: the merged one tells the same of a tokenizer, and would be made again where it is gone.
      tokenizer: inputsIn('tokenizer', [...base.filter(isConfig), ...files]),
    },
    outputs: [],
    identity: { ...book.build(), merger: book.facts.tools.converter?.merger ?? '' },
  });
}

/** Not the model card: it tells of the base, and the converter would write it into the file. */
function beside(base: FileFact[], own: FileFact[], { baseWeights }: AdapterFacts): FileFact[] {
  const bringsSettings = own.some(({ name }) => name === 'tokenizer_config.json');
  const isReplaced = ({ name }: FileFact) => own.some((file) => file.name === name) || (bringsSettings && isTokenizerSetting(name));
  const isElsewhere = ({ name }: FileFact) => baseWeights.includes(name) || name === 'README.md' || isLicence(name);
  const ofBase = base.filter((file) => !isReplaced(file) && !isElsewhere(file) && !isConfig(file));
  return [...ofBase, ...own.filter((file) => !isAdapterItself(file))];
}

function isConfig({ name }: FileFact): boolean {
  return name === 'config.json';
}

function isAdapterItself({ name }: FileFact): boolean {
  return name.startsWith('adapter_');
}

function isAdapterConfig({ name }: FileFact): boolean {
  return name === 'adapter_config.json';
}

function inputsIn(folder: string | null, files: FileFact[]): Input[] {
  return files.map((source) => ({ name: folder === null ? source.name : `${folder}/${source.name}`, source }));
}
