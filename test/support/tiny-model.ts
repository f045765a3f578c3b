import type { Workspace } from './workspace.ts';

/** A model folder of a few KB that the stand-in converter reads. @param seed other weights for another seed; @param companions what it has beside the text */
export function writeTinyModel(workspace: Workspace, folder = 'model', seed = 1, companions: ('mmproj' | 'mtp')[] = []): void {
  const config = {
    architectures: ['LlamaForCausalLM'],
    model_type: 'llama',
    num_hidden_layers: 2,
    ...(companions.includes('mmproj') ? { vision_config: {} } : {}),
    ...(companions.includes('mtp') ? { num_nextn_predict_layers: 1 } : {}),
  };
  workspace.write(`${folder}/config.json`, JSON.stringify(config));
  workspace.write(`${folder}/vocab.txt`, Array.from({ length: 40 }, (_, i) => `token${i}`).join('\n'));
  const more = companions.map((companion) => (companion === 'mmproj' ? 'vision_tower.blk.0.attn_q' : 'blk.2.nextn.eh_proj'));
  workspace.write(`${folder}/model.safetensors`, safetensors(seed, [...matrices, ...more]));
}

const matrices = ['token_embd', 'blk.0.attn_q', 'blk.0.ffn_down', 'blk.1.attn_q', 'blk.1.ffn_down'];

function safetensors(seed: number, names: string[]): Buffer {
  const random = numbers(seed);
  const tensors = [...names.map((name) => ({ name: `${name}.weight`, shape: [4, 256] })), { name: 'output_norm.weight', shape: [256] }].map(
    (tensor) => ({
      ...tensor,
      data: bf16(
        tensor.shape.reduce((a, b) => a * b),
        random,
      ),
    }),
  );
  let end = 0;
  const entries = tensors.map(({ name, shape, data }) => {
    end += data.length;
    return [name, { dtype: 'BF16', shape, data_offsets: [end - data.length, end] }];
  });
  const header = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
  const length = Buffer.from(new BigUint64Array([BigInt(header.length)]).buffer);
  return Buffer.concat([length, header, ...tensors.map(({ data }) => data)]);
}

/** The upper half of each F32. */
function bf16(count: number, random: () => number): Buffer {
  return Buffer.concat(Array.from({ length: count }, () => Buffer.from(new Float32Array([random()]).buffer).subarray(2)));
}

/** Numbers in -0.5 ... 0.5. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
}

/** So many words, each about a token for the stand-ins. */
export function someText(words: number, subject: string): string {
  return Array.from({ length: words }, (_, i) => `${subject}${i % 97}${i % 12 === 11 ? '.\n' : ' '}`).join('');
}
