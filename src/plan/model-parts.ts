import type { Companion } from '../pipeline/pipeline.ts';

type Config = Record<string, unknown>;

/** Networks beside the language model, by the names that they mostly have in weights. */
const senses =
  /(^|\.)(visual|vision_\w+|vit|vpm|apm|resampler|multi_modal_projector|mm_projector|connector|aligner|audio_\w+|speech_\w+|embed_vision|embed_audio)\./;

/** Which part of a model a tensor belongs to; null is the language model itself. */
export function partOf(tensor: string, config: Config): Companion | null {
  if (senses.test(tensor)) return 'mmproj';
  return isFurtherLayer(tensor, config) ? 'mtp' : null;
}

/** Layers that predict further tokens have names of their own, or numbers after the last layer's. */
function isFurtherLayer(tensor: string, config: Config): boolean {
  if (/(^|\.)mtp\./.test(tensor)) return true;
  const layers = textConfigOf(config)['num_hidden_layers'];
  const number = /(^|\.)layers\.(\d+)\./.exec(tensor)?.[2];
  return typeof layers === 'number' && number !== undefined && Number(number) >= layers;
}

/** The language model's part of a config.json that describes more than one. */
export function textConfigOf(config: Config): Config {
  return (config['text_config'] as Config | undefined) ?? config;
}
