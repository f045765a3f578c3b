import { describe, expect, test } from 'vitest';
import { whyWithout } from '../../../src/facts/companions.ts';
import type { Companion } from '../../../src/pipeline/pipeline.ts';

const layer = (number: number) => `model.layers.${number}.self_attn.q_proj.weight`;

describe('a model has what its config.json and the names of its weights tell of', () => {
  test.each<[Companion, string, Record<string, unknown>, string[]]>([
    ['mmproj', 'a part of the configuration', { vision_config: { hidden_size: 8 } }, []],
    ['mmproj', 'ears', { audio_config: {} }, []],
    ['mmproj', 'only the weights', {}, ['model.vision_tower.vision_model.embeddings.patch_embedding.weight']],
    ['mmproj', 'the weights of a projector', {}, ['multi_modal_projector.linear_1.weight']],
    ['mtp', 'layers by a name of their own', { num_hidden_layers: 2 }, ['mtp.layers.0.self_attn.q_proj.weight']],
    ['mtp', 'a layer after the last', { num_hidden_layers: 2, num_nextn_predict_layers: 1 }, [layer(0), layer(1), layer(2)]],
    [
      'mtp',
      'a layer after the last of the text part',
      { text_config: { num_hidden_layers: 2 } },
      ['model.language_model.layers.2.enorm.weight'],
    ],
  ])('%s: %s', (companion, _what, config, tensors) => {
    expect(whyWithout(companion, config, tensors)).toBeNull();
  });

  test.each<[Companion, string, Record<string, unknown>, string[], string]>([
    ['mmproj', 'a text model', { num_hidden_layers: 2, image_token_id: 7 }, [layer(0)], 'neither sees nor hears'],
    ['mtp', 'a text model', { num_hidden_layers: 2 }, [layer(0), layer(1)], 'predicts one token at a time'],
    [
      'mtp',
      'a fine-tune that left the layers out',
      { num_hidden_layers: 2, num_nextn_predict_layers: 1 },
      [layer(1)],
      'config.json says num_nextn_predict_layers: 1',
    ],
    [
      'mtp',
      'a model that sees with more layers',
      { text_config: { num_hidden_layers: 2 } },
      [layer(1), 'vision_tower.encoder.layers.9.fc1.weight'],
      'one token',
    ],
  ])('%s is refused: %s', (companion, _what, config, tensors, reason) => {
    expect(whyWithout(companion, config, tensors)).toContain(reason);
  });
});
