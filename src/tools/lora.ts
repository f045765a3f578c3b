/** What of a LoRA's config decides the merge, in one form for all that say the same. */
export interface LoraParams {
  r: number;
  alpha: number;
  /** Ranks of single modules, by a regular expression over the end of their names; the first that fits counts, so that their order does too. */
  rankPattern: [string, number][];
  alphaPattern: [string, number][];
  /** Names, or a regular expression over whole names. */
  targets: string[] | string;
  excluded: string[] | string | null;
  /** Numbers of the layers that were adapted; empty for all. */
  layers: number[];
  /** What lists of layers are called in the model; empty where PEFT finds it. */
  layerLists: string[];
  /** Modules that were trained as a whole. */
  modulesToSave: string[];
  /** Tokens whose rows were trained alone: of the embedding, or by module. */
  tokenRows: number[] | Record<string, number[]> | null;
  bias: 'none' | 'all' | 'lora_only';
  rslora: boolean;
  dora: boolean;
  /** `lora_B` has a bias. */
  loraBias: boolean;
  /** Embedding and output stay one tensor although they were trained. */
  tiesEmbeddings: boolean;
}

/**
 * The adapter_config.json for the merge script. Its start is PEFT's own, as another one would change the base, and it is for no task, as PEFT wraps a
 * model that writes texts in more than a merge needs.
 */
export function adapterConfigOf(lora: LoraParams): string {
  const config = {
    peft_type: 'LORA',
    task_type: null,
    init_lora_weights: true,
    r: lora.r,
    lora_alpha: lora.alpha,
    rank_pattern: Object.fromEntries(lora.rankPattern),
    alpha_pattern: Object.fromEntries(lora.alphaPattern),
    target_modules: lora.targets,
    exclude_modules: lora.excluded,
    layers_to_transform: orNull(lora.layers),
    layers_pattern: orNull(lora.layerLists),
    modules_to_save: orNull(lora.modulesToSave),
    trainable_token_indices: lora.tokenRows,
    bias: lora.bias,
    use_rslora: lora.rslora,
    use_dora: lora.dora,
    lora_bias: lora.loraBias,
    ensure_weight_tying: lora.tiesEmbeddings,
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

function orNull<T>(list: T[]): T[] | null {
  return list.length === 0 ? null : list;
}
