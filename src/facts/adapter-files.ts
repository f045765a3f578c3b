import { UserError } from '../errors.ts';
import { isTokenizerFile } from '../plan/tokenizer-files.ts';
import type { Offer } from './selection.ts';

export const adapterConfig = 'adapter_config.json';

/** What a merge and the conversion after it need of an adapter: never its optimizer's state, its checkpoints or its model card. */
export interface AdapterSelection {
  files: string[];
  /** The one of `files` that holds the weights. */
  weights: string;
}

/** Chooses by names, so that a folder and a repo give the same. Throws UserError when there is no adapter in it. */
export function selectAdapter({ names, where, trust }: Pick<Offer, 'names' | 'where' | 'trust'>): AdapterSelection {
  if (!names.includes(adapterConfig)) throw new UserError(`${where} has no ${adapterConfig}: ${whatThereIs(names)}`);
  const weights = ['adapter_model.safetensors', ...(trust.includes('pickle') ? [pickled] : [])].find((name) => names.includes(name));
  if (weights === undefined) throw new UserError(`${where} has no adapter_model.safetensors${whyNot(names)}`);
  const beside = names.filter((name) => isTokenizerFile(name) || name === 'generation_config.json').toSorted();
  return { files: [adapterConfig, weights, ...beside], weights };
}

const pickled = 'adapter_model.bin';

function whatThereIs(names: string[]): string {
  return names.includes('config.json')
    ? 'it looks like a whole model; name it by `repo:` or `path:` of the model, without an adapter'
    : "an adapter's folder is laid out as PEFT saves it";
}

function whyNot(names: string[]): string {
  if (names.includes(pickled))
    return `, only a pickled one (${pickled}), which can run code when it is loaded: save it again as safetensors, or say \`trust: [pickle]\` under model`;
  const other = names.find((name) => /^adapter.*\.(safetensors|bin|pt|gguf)$/.test(name));
  return other ? `, only ${other}: PEFT would not find it; save the adapter again with save_pretrained` : ': save the adapter again';
}
