import type { Companion } from '../pipeline/pipeline.ts';
import { partOf, textConfigOf } from '../plan/model-parts.ts';

type Config = Record<string, unknown>;

/** Why a model has no such part, or null when it has one. @param tensors their names */
export function whyWithout(companion: Companion, config: Config, tensors: string[]): string | null {
  const isThere = tensors.some((name) => partOf(name, config) === companion);
  return companion === 'mmproj' ? whyBlindAndDeaf(config, isThere) : whyOneToken(config, isThere);
}

function whyBlindAndDeaf(config: Config, isThere: boolean): string | null {
  const tells = Object.entries(config).some(
    ([key, value]) => typeof value === 'object' && /vision|visual|audio|speech|image|img|talker/.test(key),
  );
  return isThere || tells ? null : 'the model neither sees nor hears: config.json tells of no such part, and the weights have none';
}

/** Fine-tunes often keep the number in config.json and leave the layers out. */
function whyOneToken(config: Config, isThere: boolean): string | null {
  if (isThere) return null;
  const text = textConfigOf(config);
  const key = ['num_nextn_predict_layers', 'mtp_num_hidden_layers'].find((name) => Number(text[name] ?? 0) > 0);
  return key
    ? `the model's layers for further tokens are not among its weights, although config.json says ${key}: ${text[key]}`
    : 'the model predicts one token at a time: config.json tells of no layers for further ones, and the weights have none';
}
