import { UserError } from '../errors.ts';

type Json = Record<string, unknown>;

/** What an adapter_config.json says that decides a merge. */
export interface AdapterConfig {
  /** The model it was trained for, as its trainer called it; null where it does not say. */
  base: string | null;
  r: number;
  /** Ranks of single modules, by a regular expression over the end of their names. */
  rankPattern: Record<string, number>;
  /** Names, or a regular expression over whole names; null where it was left to PEFT. */
  targets: string[] | string | null;
  /** Set where only some of what `targets` names was adapted. */
  isSelective: boolean;
  dora: boolean;
  /** Modules that were trained as a whole. */
  modulesToSave: string[];
  /** Tokens whose rows were trained alone, by module. */
  tokenRows: Record<string, number[]>;
  /** Embedding and output stay one tensor although they were trained. */
  tiesEmbeddings: boolean;
  /** Weights of linear layers lie with their inputs first. */
  inputsFirst: boolean;
}

/** Throws UserError with what PEFT would not merge, or would merge into something else than what was trained. */
export function readAdapterConfig(json: Json, where: string): AdapterConfig {
  const type = String(json['peft_type'] ?? 'of no type');
  if (type !== 'LORA')
    throw new UserError(
      `${where}: the adapter is ${type}, and only LORA is merged here: merge it with its own tools and name the merged folder by \`path:\``,
    );
  const why = unfit.flatMap((check) => check(json) ?? [])[0];
  if (why !== undefined) throw new UserError(`${where}: ${why}`);
  const { r, lora_alpha: alpha } = json;
  if (!isPositive(r) || !isPositive(alpha))
    throw new UserError(`${where}: r is ${shown(r)} and lora_alpha ${shown(alpha)}; both are numbers above 0: save the adapter again`);
  const ranks = (json['rank_pattern'] ?? {}) as Json;
  return {
    base: typeof json['base_model_name_or_path'] === 'string' ? json['base_model_name_or_path'] : null,
    r,
    rankPattern: Object.fromEntries(Object.entries(ranks).filter((entry): entry is [string, number] => isPositive(entry[1]))),
    targets: targetsOf(json['target_modules']),
    isSelective: ['layers_to_transform', 'exclude_modules', 'target_parameters'].some((key) => isSet(json[key])),
    dora: json['use_dora'] === true,
    modulesToSave: textsIn(json['modules_to_save']),
    tokenRows: tokenRowsOf(json['trainable_token_indices']),
    tiesEmbeddings: json['ensure_weight_tying'] === true,
    inputsFirst: json['fan_in_fan_out'] === true,
  };
}

/** The config without what says where an adapter comes from and how it was trained: a new version of PEFT alone changes no weight. */
export function decidingConfig(json: Json): Json {
  const idle =
    /^(base_model_name_or_path|revision|inference_mode|peft_version|auto_mapping|task_type|lora_dropout|runtime_config|megatron_\w+|\w+_config)$/;
  return Object.fromEntries(Object.entries(json).filter(([key]) => !idle.test(key)));
}

type Unfit = (json: Json) => string | null;

const otherTask: Unfit = ({ task_type: task }) =>
  typeof task === 'string' && task !== 'CAUSAL_LM'
    ? `it was trained for ${task}, not to go on with texts (CAUSAL_LM): there is nothing of it that a GGUF could hold`
    : null;

/** These subtract from the base what they put into the adapter: merged into the base as it is, the sum is another model. */
const changedBase: Unfit = ({ init_lora_weights: init }) =>
  typeof init === 'string' && /^(pissa|olora|corda|loftq|lora_ga)/.test(init)
    ? `it was begun with \`init_lora_weights: ${init}\`, which changes the base as well: save it as a plain LoRA (\`path_initial_model_for_weight_conversion\` of PEFT's save_pretrained)`
    : null;

const otherSums: Unfit = (json) => {
  const key = [
    'use_qalora',
    'use_bdlora',
    'alora_invocation_tokens',
    'arrow_config',
    'layer_replication',
    'target_parameters',
    'megatron_config',
  ].find((name) => isSet(json[name]));
  return key === undefined
    ? null
    : `it uses \`${key}\`, which is not known to come out right when it is merged: merge it with its own tools and name the merged folder by \`path:\``;
};

/** At these PEFT ends with a traceback, after the model was loaded. */
const oddFields: Unfit = (json) => {
  const odd = ['rank_pattern', 'alpha_pattern'].find((name) => !isMapOf(json[name], isPositive));
  if (odd !== undefined) return `${odd} is ${shown(json[odd])}; its values are numbers above 0: save the adapter again`;
  const { trainable_token_indices: rows } = json;
  const areRows = (value: unknown) => Array.isArray(value) && value.every((row) => Number.isInteger(row) && row >= 0);
  return areRows(rows) || isMapOf(rows, areRows)
    ? null
    : `trainable_token_indices is ${shown(rows)}; it lists numbers of tokens: save the adapter again`;
};

const unfit = [otherTask, changedBase, otherSums, oddFields];

function targetsOf(written: unknown): AdapterConfig['targets'] {
  if (typeof written === 'string') return written;
  return Array.isArray(written) ? textsIn(written) : null;
}

/** A list alone is about the embedding. */
function tokenRowsOf(written: unknown): Record<string, number[]> {
  if (Array.isArray(written)) return { embed_tokens: written.map(Number) };
  return Object.fromEntries(Object.entries((written ?? {}) as Json).map(([module, rows]) => [module, [rows].flat().map(Number)]));
}

function textsIn(written: unknown): string[] {
  return Array.isArray(written) ? written.filter((one) => typeof one === 'string') : [];
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false && !(Array.isArray(value) && value.length === 0);
}

/** Or nothing at all. */
function isMapOf(value: unknown, fits: (one: unknown) => boolean): boolean {
  return !isSet(value) || (typeof value === 'object' && !Array.isArray(value) && Object.values(value ?? {}).every(fits));
}

function isPositive(value: unknown): value is number {
  return typeof value === 'number' && value > 0;
}

function shown(value: unknown): string {
  return value === undefined ? 'missing' : JSON.stringify(value);
}
