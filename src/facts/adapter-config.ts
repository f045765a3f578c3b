import { UserError } from '../errors.ts';
import type { LoraParams } from '../tools/lora.ts';
import { adapterContract, type Honoured, idleFields, judgedFields, otherSums } from './adapter-contract.ts';
import { shortened, shown } from './shown.ts';

type Json = Record<string, unknown>;

/** What an adapter_config.json says. */
export interface AdapterConfig {
  /** The model it was trained for, as its trainer called it; null where it does not say. */
  base: string | null;
  /** What decides the merge; targets are null where the weights alone tell them. */
  lora: Omit<LoraParams, 'targets'> & { targets: LoraParams['targets'] | null };
  /** Numbers and words that this version of PEFT does not know: settings of something that is not switched on. */
  unread: string[];
}

/** Throws UserError with what PEFT would not merge, or would merge into something else than what was trained. */
export function readAdapterConfig(json: Json, where: string): AdapterConfig {
  if (json['peft_type'] !== 'LORA') {
    const type = typeof json['peft_type'] === 'string' ? shortened(json['peft_type']) : `of the type ${shown(json['peft_type'])}`;
    throw new UserError(`${where}: the adapter is ${type}, and only LORA is merged here: ${elsewhere}`);
  }
  const why = unfit.flatMap((check) => check(json) ?? [])[0];
  if (why !== undefined) throw new UserError(`${where}: ${why}`);
  const read = adapterContract.safeParse(json);
  if (!read.success) throw new UserError(`${where}: ${oddField(json, String(read.error.issues[0]?.path[0]))}`);
  const contradiction = contradictionIn(read.data);
  if (contradiction !== null) throw new UserError(`${where}: ${contradiction}`);
  return {
    base: textOf(json['base_model_name_or_path']),
    lora: loraOf(read.data),
    unread: strangeFields(json).map(([key]) => shortened(key)),
  };
}

function loraOf(read: Honoured): AdapterConfig['lora'] {
  return {
    r: read.r,
    alpha: read.lora_alpha,
    rankPattern: Object.entries(read.rank_pattern ?? {}),
    alphaPattern: Object.entries(read.alpha_pattern ?? {}),
    targets: asSet(read.target_modules),
    excluded: asSet(read.exclude_modules),
    layers: [read.layers_to_transform ?? []].flat(),
    layerLists: [read.layers_pattern ?? []].flat(),
    modulesToSave: (read.modules_to_save ?? []).toSorted(),
    tokenRows: read.trainable_token_indices ?? null,
    bias: read.bias,
    rslora: read.use_rslora,
    dora: read.use_dora,
    loraBias: read.lora_bias,
    tiesEmbeddings: read.ensure_weight_tying,
  };
}

/** PEFT writes a list in another order each time. */
function asSet(modules: string | string[] | null | undefined): string | string[] | null {
  return Array.isArray(modules) ? [...new Set(modules)].sort() : (modules ?? null);
}

type Unfit = (json: Json) => string | null;

const otherTask: Unfit = ({ task_type: task }) =>
  isOff(task) || task === 'CAUSAL_LM'
    ? null
    : `it was trained for ${typeof task === 'string' ? shortened(task) : shown(task)}, not to go on with texts (CAUSAL_LM): there is nothing of it that a GGUF could hold`;

/** These subtract from the base what they put into the adapter: merged into the base as it is, the sum is another model. */
const changedBase: Unfit = ({ init_lora_weights: init }) => {
  if (typeof init === 'string' && /^(pissa|olora|corda|loftq|lora_ga)/i.test(init))
    return `it was begun with \`init_lora_weights: ${shortened(init)}\`, which changes the base as well: save it as a plain LoRA (\`path_initial_model_for_weight_conversion\` of PEFT's save_pretrained)`;
  if (isOff(init) || init === true || ['gaussian', 'eva', 'orthogonal', 'mica'].includes(String(init).toLowerCase())) return null;
  return `init_lora_weights is ${shown(init)}, of which is not known whether it changes the base as well: ${elsewhere}`;
};

const otherSum: Unfit = (json) => {
  const key = otherSums.find((name) => !isOff(json[name]));
  return key === undefined ? null : `it uses \`${key}\`, which is not known to come out right when it is merged: ${elsewhere}`;
};

/** PEFT would pass over what a later version has switched on, and merge the rest. */
const newerSum: Unfit = (json) => {
  const [key, value] = strangeFields(json).find(([, one]) => typeof one === 'boolean' || typeof one === 'object') ?? [];
  return key === undefined
    ? null
    : `it says \`${shortened(key)}: ${shown(value)}\`, which is not known here and may be another sum of a newer PEFT: ${elsewhere}`;
};

const unfit = [otherTask, changedBase, otherSum, newerSum];

const elsewhere = 'merge it with its own tools and name the merged folder by `path:`';
const saveAgain = 'save the adapter again with save_pretrained';

function oddField(json: Json, key: string): string {
  const wanted = adapterContract.shape[key as keyof Honoured]?.description ?? 'something else';
  return `${key} is ${shown(json[key])}; it is ${wanted}: ${saveAgain}`;
}

/** What PEFT refuses although each field by itself is well. */
function contradictionIn(read: Honoured): string | null {
  if (read.lora_bias && read.use_dora) return `use_dora and lora_bias exclude each other: ${saveAgain}`;
  const layers = [read.layers_to_transform ?? []].flat();
  const lists = [read.layers_pattern ?? []].flat();
  if (typeof read.target_modules === 'string' && layers.length + lists.length > 0)
    return `target_modules is a regular expression, and layers_to_transform and layers_pattern are for lists of names: ${saveAgain}`;
  return lists.length > 0 && layers.length === 0 ? `layers_pattern says nothing without layers_to_transform: ${saveAgain}` : null;
}

/** Set, and known neither to PEFT as it is pinned nor here. */
function strangeFields(json: Json): [string, unknown][] {
  const isKnown = (key: string) =>
    Object.hasOwn(adapterContract.shape, key) || idleFields.has(key) || judgedFields.has(key) || otherSums.includes(key);
  return Object.entries(json).filter(([key, value]) => !isKnown(key) && !isOff(value));
}

/** As PEFT takes it: an empty list or object switches nothing on. */
function isOff(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0;
  return value === undefined || value === null || value === false || value === '';
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
