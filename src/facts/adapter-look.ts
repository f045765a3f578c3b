import { join } from 'node:path';
import { namesIn, statOf } from '../pipeline/paths.ts';
import type { Here, ModelSource } from '../pipeline/pipeline.ts';
import type { LoraParams } from '../tools/lora.ts';
import { type AdapterConfig, readAdapterConfig } from './adapter-config.ts';
import { type AdapterSelection, adapterConfig, selectAdapter } from './adapter-files.ts';
import { byPatterns } from './adapter-patterns.ts';
import { type AdapterTensor, adapterTensor, BaseTensors, isEmbeddingModule, isOutputModule } from './adapter-tensors.ts';
import { tokensIn } from './adapter-tokens.ts';
import { type ModelFolder, readModelFolder } from './model-files.ts';
import { parseObject } from './parse-json.ts';
import { readSmall } from './read-small.ts';
import { readWeights } from './read-weights.ts';

/** An adapter and the model that it is for, as far as headers and small files tell. */
export interface AdapterLook {
  folder: string;
  selection: AdapterSelection;
  config: AdapterConfig;
  lora: LoraParams;
  tensors: AdapterTensor[];
  /** Tokens of the adapter's own tokenizer; null where it has none, or none that can be counted. */
  tokens: number | null;
  base: BaseTensors;
  model: ModelFolder & { path: string };
  /** Modules of the base, as it calls them; the output is null where it is the embedding itself. */
  embedding: string | null;
  output: string | null;
  /** The base's linear layers lie with their inputs first. */
  hasInputsFirst: boolean;
  /** Embedding and output are one tensor in the base. */
  isTied: boolean;
}

/** Throws UserError or Failure for a folder that holds no adapter, or one that is not merged here. */
export function lookAtAdapter(model: Pick<ModelSource<Here>, 'path' | 'trust'>, { path: folder }: Here): AdapterLook {
  const names = adapterNames(folder);
  const selection = selectAdapter({ names, where: folder, trust: model.trust });
  const file = join(folder, adapterConfig);
  const json = parseObject(readSmall(file, configBytes), file);
  const config = byPatterns(folder, 'it', () => readAdapterConfig(json, file));
  const tensors = readWeights(join(folder, selection.weights)).map(adapterTensor);
  const ofModel = readModelFolder(model.path, model.trust);
  const base = new BaseTensors(
    ofModel.weights.filter((name) => !name.includes('/')).flatMap((name) => readWeights(join(model.path, name))),
  );
  const output = base.modules.find(isOutputModule) ?? null;
  return {
    folder,
    selection,
    config,
    lora: { ...config.lora, targets: isLeftToPeft(config.lora.targets) ? adaptedNames(tensors) : config.lora.targets },
    tensors,
    tokens: tokensIn(folder, model.path),
    base,
    model: { ...ofModel, path: model.path },
    embedding: base.modules.find(isEmbeddingModule) ?? null,
    output,
    hasInputsFirst: String(ofModel.config['architectures']).startsWith('GPT2'),
    isTied: output === null || ofModel.config['tie_word_embeddings'] === true,
  };
}

/** Of an adapter_config.json; PEFT writes some thousand bytes. */
const configBytes = 1e6;

/** Which layers are linear, and which PEFT adapts of an architecture, only the model's class knows. */
function isLeftToPeft(targets: string | string[] | null): targets is string | null {
  return targets === null || (typeof targets === 'string' && targets.toLowerCase() === 'all-linear');
}

/** What was adapted in one layer was in all of them. */
function adaptedNames(tensors: AdapterTensor[]): string[] {
  const names = tensors.flatMap(({ part, module }) => (part === 'A' ? (module.split('.').at(-1) ?? []) : []));
  return [...new Set(names)].sort();
}

/** Files of the folder itself and of the templates beside it; checkpoints lie in folders of their own. */
function adapterNames(folder: string): string[] {
  const templates = namesIn(join(folder, 'additional_chat_templates')).map((name) => `additional_chat_templates/${name}`);
  return [...namesIn(folder), ...templates].filter((name) => statOf(join(folder, name))?.isFile());
}
