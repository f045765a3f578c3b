import type { LoraParams } from '../../src/tools/lora.ts';
import type { Workspace } from './workspace.ts';

/** Shape by name; a value for all of a tensor's weights where it matters. */
export type Tensors = Record<string, number[] | { shape: number[]; dtype?: string; value: number }>;

/** A safetensors file in F32, or in what a tensor says. */
export function safetensorsBytes(tensors: Tensors): Buffer {
  const entries: [string, object][] = [];
  const data: Buffer[] = [];
  let end = 0;
  for (const [name, written] of Object.entries(tensors)) {
    const { shape, dtype = 'F32', value } = Array.isArray(written) ? { shape: written, value: 0.5 } : written;
    const count = shape.reduce((product, size) => product * size, 1);
    const bytes = dataOf(dtype, count, value);
    entries.push([name, { dtype, shape, data_offsets: [end, end + bytes.length] }]);
    data.push(bytes);
    end += bytes.length;
  }
  const header = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, ...data]);
}

/** A model of two layers: shapes that tell inputs from outputs. */
export const baseTensors: Tensors = {
  'model.embed_tokens.weight': [40, 16],
  ...Object.fromEntries(
    [0, 1].flatMap((layer) => [
      [`model.layers.${layer}.self_attn.q_proj.weight`, [16, 16]],
      [`model.layers.${layer}.mlp.up_proj.weight`, [32, 16]],
      [`model.layers.${layer}.mlp.down_proj.weight`, [16, 32]],
    ]),
  ),
  'model.norm.weight': [16],
  'lm_head.weight': [40, 16],
};

/** Factors of rank 2 for two modules of each layer. */
export const loraTensors: Tensors = Object.fromEntries(
  [0, 1].flatMap((layer) => [
    [`base_model.model.model.layers.${layer}.self_attn.q_proj.lora_A.weight`, [2, 16]],
    [`base_model.model.model.layers.${layer}.self_attn.q_proj.lora_B.weight`, [16, 2]],
    [`base_model.model.model.layers.${layer}.mlp.up_proj.lora_A.weight`, [2, 16]],
    [`base_model.model.model.layers.${layer}.mlp.up_proj.lora_B.weight`, [32, 2]],
  ]),
);

export const loraConfig = {
  peft_type: 'LORA',
  task_type: 'CAUSAL_LM',
  base_model_name_or_path: 'someone/base',
  r: 2,
  lora_alpha: 4,
  target_modules: ['q_proj', 'up_proj'],
};

/** What a merge takes of it. */
export const loraParams: LoraParams = {
  r: 2,
  alpha: 4,
  rankPattern: [],
  alphaPattern: [],
  targets: ['q_proj', 'up_proj'],
  excluded: null,
  layers: [],
  layerLists: [],
  modulesToSave: [],
  tokenRows: null,
  bias: 'none',
  rslora: false,
  dora: false,
  loraBias: false,
  tiesEmbeddings: false,
};

export interface WrittenAdapter {
  config?: object;
  tensors?: Tensors;
  /** Beside them. */
  files?: Record<string, string>;
}

/** A folder as PEFT saves it. */
export function writeAdapter(
  space: Workspace,
  { config = {}, tensors = loraTensors, files = {} }: WrittenAdapter = {},
  folder = 'adapter',
): void {
  space.write(`${folder}/adapter_config.json`, JSON.stringify({ ...loraConfig, ...config }));
  space.write(`${folder}/adapter_model.safetensors`, safetensorsBytes(tensors));
  for (const [name, text] of Object.entries(files)) space.write(`${folder}/${name}`, text);
}

/** A folder in the Hub's layout that only headers are read of. */
export function writeBase(space: Workspace, { config = {}, tensors = baseTensors }: { config?: object; tensors?: Tensors } = {}): void {
  space.write(
    'base/config.json',
    JSON.stringify({ architectures: ['LlamaForCausalLM'], vocab_size: 40, tie_word_embeddings: false, ...config }),
  );
  space.write('base/model.safetensors', safetensorsBytes(tensors));
}

function dataOf(dtype: string, count: number, value: number): Buffer {
  if (dtype === 'F32') return Buffer.from(new Float32Array(count).fill(value).buffer);
  const upper = Buffer.from(new Float32Array([value]).buffer).readUInt16LE(2);
  const width = dtype === 'BF16' ? 2 : 1;
  return width === 2 ? Buffer.from(new Uint16Array(count).fill(upper).buffer) : Buffer.alloc(count);
}
