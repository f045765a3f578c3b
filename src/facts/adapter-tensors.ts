import type { Safetensor } from '../gguf/safetensors.ts';

/**
 * What a tensor of an adapter is. `A` and `B` are the factors of a product that is added to a weight, `magnitude` is DoRA's, `rows` are those of
 * single tokens, `whole` replaces the base's tensor.
 */
type Part = 'A' | 'B' | 'magnitude' | 'bias of B' | 'rows' | 'whole' | 'unknown';

export interface AdapterTensor extends Pick<Safetensor, 'name' | 'dtype' | 'shape'> {
  part: Part;
  /** As PEFT calls it: `model.layers.0.self_attn.q_proj`. */
  module: string;
  /** The tensor of the module that it is about: `weight` or `bias`. */
  parameter: string;
  /** The factors of an embedding lie the other way round. */
  isEmbedding: boolean;
}

const forms: [RegExp, Part][] = [
  [/^(.+)\.lora_A\.(weight)$/, 'A'],
  [/^(.+)\.lora_B\.(weight)$/, 'B'],
  [/^(.+)\.lora_B\.(bias)$/, 'bias of B'],
  [/^(.+)\.lora_embedding_A$/, 'A'],
  [/^(.+)\.lora_embedding_B$/, 'B'],
  [/^(.+)\.lora_magnitude_vector(?:\.weight)?$/, 'magnitude'],
  [/^(.+)\.token_adapter\.trainable_tokens_delta$/, 'rows'],
  [/^(.+lora_.+)$/, 'unknown'],
  [/^(.+?)(?:\.token_adapter)?(?:\.base_layer|\.modules_to_save)?\.(\w+)$/, 'whole'],
];

/** By the names that PEFT gives the tensors of an adapter when it saves it. */
export function adapterTensor({ name, dtype, shape }: Safetensor): AdapterTensor {
  // By another beginning PEFT does not find them, and goes on without.
  const plain = /^base_model\.model\.(.+)$/.exec(name)?.[1] ?? '';
  const isEmbedding = plain.includes('.lora_embedding_');
  for (const [form, part] of forms) {
    const [, module, parameter = 'weight'] = form.exec(plain) ?? [];
    if (module !== undefined) return { name, dtype, shape, part, module, parameter, isEmbedding };
  }
  return { name, dtype, shape, part: 'unknown', module: name, parameter: 'weight', isEmbedding };
}

/** The base's tensors by the names of modules: checkpoints leave the outermost names out, or have one more. */
export class BaseTensors {
  readonly #shapes = new Map<string, number[]>();
  /** Modules with a weight, as PEFT would call them but for outer names. */
  readonly modules: string[];

  constructor(tensors: Safetensor[]) {
    for (const { name, shape } of tensors) this.#shapes.set(innerName(name), shape);
    this.modules = [...this.#shapes.keys()].flatMap((name) => (name.endsWith('.weight') ? name.slice(0, -'.weight'.length) : []));
  }

  shapeOf(module: string, parameter = 'weight'): number[] | null {
    return this.#shapes.get(innerName(`${module}.${parameter}`)) ?? null;
  }
}

export function isSameModule(one: string, other: string): boolean {
  return innerName(one) === innerName(other);
}

/** Without the names that only some checkpoints have. */
export function innerName(name: string): string {
  return name.replace(/^((model|transformer|language_model|text_model|backbone|gpt_neox|decoder)\.)+/, '');
}

/** The first and the last matrix of a language model, by the names that they have. */
export function isEmbeddingModule(module: string): boolean {
  return /(^|\.)(embed_tokens|wte|word_embeddings|embed_in|tok_embeddings)$/.test(module);
}

export function isOutputModule(module: string): boolean {
  return /(^|\.)(lm_head|embed_out)$/.test(module);
}
