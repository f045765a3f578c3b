import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../errors.ts';

/** Every file that the pinned converter opens beside the weights. Anything else in the folder decides nothing and is not hashed. */
const converterReads = new Set([
  'config.json',
  'generation_config.json',
  'model.safetensors.index.json',
  'tokenizer.json',
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
  'params.json',
  'rwkv_vocab_v20230424.txt',
  'modules.json',
  'processor_config.json',
  'preprocessor_config.json',
  'hf_quant_config.json',
  'README.md',
]);

export interface ModelFolder {
  /** Names of the files convert needs, weights included. */
  files: string[];
  weights: string[];
  config: Record<string, unknown>;
}

/** Chooses what convert needs from a folder in the Hub's layout. Throws UserError when it is none. */
export function readModelFolder(path: string): ModelFolder {
  const names = readdirSync(path).sort();
  if (!names.includes('config.json') && !names.includes('params.json'))
    throw new UserError(`${path} has no config.json: a model folder is laid out as on the Hugging Face Hub`);
  const weights = names.filter((name) => /^(model|consolidated).*\.safetensors$/.test(name));
  if (weights.length === 0) throw new UserError(`${path} has no safetensors weights${pickled(names)}`);
  const missing = shardsNamedByIndex(path).filter((name) => !names.includes(name));
  if (missing.length > 0)
    throw new UserError(`${path}: model.safetensors.index.json names ${missing[0]}${andMore(missing.length - 1)}, which is not there`);
  const others = names.filter((name) => converterReads.has(name) || name.endsWith('.tiktoken'));
  return { files: [...others, ...filesOfModules(path), ...weights], weights, config: readConfig(path) };
}

function pickled(names: string[]): string {
  const pickle = names.find((name) => /\.(bin|pt|pth)$/.test(name));
  return pickle ? `, only pickled ones (${pickle}), which can run code when they are loaded; convert them to safetensors first` : '';
}

function shardsNamedByIndex(path: string): string[] {
  const index = join(path, 'model.safetensors.index.json');
  if (!existsSync(index)) return [];
  const { weight_map: map } = JSON.parse(readFileSync(index, 'utf8')) as { weight_map?: Record<string, string> };
  return [...new Set(Object.values(map ?? {}))];
}

/** A sentence-transformers model names its further layers in modules.json; the converter reads them in their folders. */
function filesOfModules(path: string): string[] {
  const list = join(path, 'modules.json');
  if (!existsSync(list)) return [];
  const modules = JSON.parse(readFileSync(list, 'utf8')) as { path?: string }[];
  const folders = modules.flatMap((module) => (module.path && !module.path.includes('..') ? [module.path] : []));
  const names = folders.flatMap((folder) => [`${folder}/config.json`, `${folder}/model.safetensors`]);
  return names.filter((name) => existsSync(join(path, name)));
}

function readConfig(path: string): Record<string, unknown> {
  const file = ['config.json', 'params.json'].map((name) => join(path, name)).find(existsSync);
  if (!file) return {};
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  } catch {
    throw new UserError(`${file} is not valid JSON`);
  }
}

function andMore(count: number): string {
  return count > 0 ? ` and ${count} more` : '';
}
