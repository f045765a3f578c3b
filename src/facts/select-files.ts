import { UserError } from '../errors.ts';
import { isLicence } from '../plan/licence.ts';
import { parseJson } from './parse-json.ts';
import { selectCode } from './select-code.ts';
import { selectWeights, weightIndexes } from './select-weights.ts';
import type { Offer, Selection } from './selection.ts';

/** Small files whose text decides what else is selected. */
export const decidingFiles = ['config.json', 'modules.json', 'tokenizer_config.json', ...weightIndexes];

/** Every file beside the weights that the pinned converter opens. Anything else in a folder decides nothing and is not hashed. */
const converterReads = new Set([
  'config.json',
  'generation_config.json',
  'tokenizer.json',
  'tokenizer.jsonl',
  'tokenizer.model',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'added_tokens.json',
  'vocab.json',
  'vocab.txt',
  'merges.txt',
  'chat_template.json',
  'chat_template.jinja',
  'spiece.model',
  'sentencepiece.bpe.model',
  'tekken.json',
  'rwkv_vocab_v20230424.txt',
  'modules.json',
  'processor_config.json',
  'preprocessor_config.json',
  'hf_quant_config.json',
  'README.md',
]);

/** Folders whose names the converter knows by heart: the last layer of an embedding, what hears, what speaks. */
const knownParts = ['1_Dense', 'audio_tokenizer', 'speech_tokenizer'];

/** Chooses by names, never by an extension alone, so that a folder and a repo give the same. Throws UserError when there is no model in it. */
export function selectFiles(unsorted: Offer): Selection {
  const offer = { ...unsorted, names: unsorted.names.toSorted() };
  const { names, where } = offer;
  if (!names.includes('config.json')) throw new UserError(`${where} has no config.json: ${whyNone(names)}`);
  const { weights, index } = selectWeights(offer);
  const opened = names.filter((name) => converterReads.has(name) || isTemplateOrTable(name) || name === index);
  const parts = partsOf(offer).flatMap((part) =>
    [`${part}/config.json`, `${part}/model.safetensors`].filter((name) => names.includes(name)),
  );
  const files = [...opened, ...selectCode(offer), ...parts, ...weights, ...names.filter(isLicence)];
  return { files: [...new Set(files)], weights: [...weights, ...parts.filter((name) => name.endsWith('.safetensors'))] };
}

function whyNone(names: string[]): string {
  return names.includes('adapter_config.json')
    ? 'it is an adapter; name it by `adapter:` under model, beside the model that it is for'
    : 'a model folder is laid out as on the Hugging Face Hub';
}

/** Tells people something and decides nothing. */
export function isForPeople(name: string): boolean {
  return name === 'README.md' || isLicence(name);
}

function isTemplateOrTable(name: string): boolean {
  return /^[^/]+\.tiktoken$|^additional_chat_templates\/[^/]+\.jinja$/.test(name);
}

/** A sentence-transformers model names its further layers in modules.json; the converter reads them in their folders. */
function partsOf({ text, where }: Offer): string[] {
  const list = text('modules.json');
  const modules = list === null ? [] : parseJson(list, `${where}/modules.json`);
  if (!Array.isArray(modules)) throw new UserError(`${where}/modules.json holds no list`);
  return [
    ...new Set([
      ...modules.flatMap((module: { path?: unknown } | null) => (typeof module?.path === 'string' ? [module.path] : [])),
      ...knownParts,
    ]),
  ];
}
