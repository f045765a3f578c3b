import { UserError } from '../errors.ts';
import { parseObject } from './parse-json.ts';
import type { Offer } from './selection.ts';

/** How weights are stored: in one file, or in shards that an index names. */
interface Layout {
  stem: string;
  extension: string;
}

const safetensors: Layout = { stem: 'model', extension: '.safetensors' };
const pickled: Layout = { stem: 'pytorch_model', extension: '.bin' };

export const weightIndexes = [safetensors, pickled].map(indexOf);

export interface SelectedWeights {
  weights: string[];
  /** The file that names them; null where none does. */
  index: string | null;
}

/** One copy of the weights, and all of it. Never every file of an extension: repos carry the same weights under several names. */
export function selectWeights(offer: Offer): SelectedWeights {
  const safe = weightsIn(safetensors, offer);
  if (safe.weights.length > 0) return safe;
  const unsafe = weightsIn(pickled, offer);
  if (unsafe.weights.length > 0 && offer.trust.includes('pickle')) return unsafe;
  throw new UserError(`${offer.where} has no safetensors weights${whatThereIs(offer.names, unsafe.weights)}`);
}

function weightsIn(layout: Layout, offer: Offer): SelectedWeights {
  const index = indexOf(layout);
  const whole = `${layout.stem}${layout.extension}`;
  if (offer.names.includes(index)) return { weights: shardsNamedBy(index, layout, offer), index };
  return { weights: offer.names.includes(whole) ? [whole] : withoutIndex(layout, offer), index: null };
}

/** Of this layout only: an index of safetensors that names a pickle would bring it in without anybody's trust. */
function shardsNamedBy(index: string, { stem, extension }: Layout, { names, text, where }: Offer): string[] {
  const { weight_map: map } = parseObject(text(index) ?? '', `${where}/${index}`);
  if (typeof map !== 'object' || map === null || Array.isArray(map))
    throw new UserError(`${where}: ${index} names no weights; fetch it again`);
  const shards = [...new Set(Object.values(map).map(String))].sort();
  const foreign = shards.find((name) => !name.startsWith(stem) || !name.endsWith(extension) || name.includes('/'));
  if (foreign !== undefined)
    throw new UserError(`${where}: ${index} names ${foreign}, which is no ${stem}*${extension}: the converter would not read it`);
  const missing = shards.filter((name) => !names.includes(name));
  if (missing.length > 0) throw new UserError(`${where}: ${index} names ${missing[0]}${andMore(missing.length - 1)}, which is not there`);
  return shards;
}

/** Shards tell by their names how many there are; of other names only one can be right. */
function withoutIndex({ stem, extension }: Layout, { names, where }: Offer): string[] {
  const found = names.filter((name) => name.startsWith(stem) && name.endsWith(extension) && !name.includes('/'));
  const [first] = found;
  if (first === undefined) return [];
  const count = shardCount(first);
  if (count === null && found.length === 1) return found;
  if (count === null || found.some((name) => shardCount(name) !== count))
    throw new UserError(`${where} has ${found.join(', ')}, and no ${indexOf({ stem, extension })} that says which of them are the model`);
  const wanted = Array.from({ length: count }, (_, i) => `${stem}-${fiveDigits(i + 1)}-of-${fiveDigits(count)}${extension}`);
  const missing = wanted.filter((name) => !found.includes(name));
  if (missing.length > 0) throw new UserError(`${where} lacks ${missing[0]}${andMore(missing.length - 1)} of its weights`);
  return found;
}

/** Why a person may look for weights in vain, and what to do. */
function whatThereIs(names: string[], pickledWeights: string[]): string {
  const only = (pattern: RegExp) => names.find((name) => pattern.test(name));
  const [pickle] = pickledWeights;
  const danger = 'which can run code when they are loaded';
  if (pickle) return `, only pickled ones (${pickle}), ${danger}: convert them to safetensors, or say \`trust: [pickle]\` under model`;
  const adapter = only(/^adapter_model\./);
  if (adapter) return `, only an adapter (${adapter}): name it by \`adapter:\` under model, beside the model that it is for`;
  const consolidated = only(/^consolidated.*\.safetensors$/);
  if (consolidated)
    return ` in the Hub's layout, only in Mistral's own (${consolidated}), for which the converter lacks a package: take a copy of the model in the Hub's layout`;
  const unread = only(/\.(bin|pt|pth|ckpt|pkl|pickle|npy|npz)$/);
  if (unread) return `, only pickled ones (${unread}), ${danger} and which the converter does not read: convert them to safetensors`;
  const gguf = only(/\.gguf$/);
  if (gguf) return `, only GGUF files (${gguf}): name one with \`gguf:\``;
  const other = only(/\.(safetensors|h5|msgpack|onnx|tflite)$/);
  return other ? `, only ${other}, which the converter does not read` : '';
}

function indexOf({ stem, extension }: Layout): string {
  return `${stem}${extension}.index.json`;
}

function shardCount(name: string): number | null {
  const count = /-\d{5}-of-(\d{5})\.\w+$/.exec(name)?.[1];
  return count === undefined ? null : Number(count);
}

function fiveDigits(number: number): string {
  return String(number).padStart(5, '0');
}

function andMore(count: number): string {
  return count > 0 ? ` and ${count} more` : '';
}
