import { z } from 'zod';
import { readPattern } from './python-pattern.ts';

/**
 * The fields of an adapter_config.json that a merge honours, by PEFT's names, with what PEFT takes for one that is missing. Descriptions end the
 * sentence "it is ...".
 */
const honoured = {
  r: z.int().positive().default(8).describe('a whole number above 0'),
  lora_alpha: factor().default(8).describe('a number other than 0'),
  rank_pattern: byPattern(z.int().positive()).describe(
    'an object: whole numbers above 0, by regular expressions over the ends of names of modules',
  ),
  alpha_pattern: byPattern(factor()).describe('an object: numbers other than 0, by regular expressions over the ends of names of modules'),
  target_modules: modules().describe('a list of names of modules, or a regular expression of Python over their whole names'),
  exclude_modules: modules().describe('a list of names of modules, or a regular expression of Python over their whole names'),
  layers_to_transform: orList(z.int().nonnegative()).describe('the number of a layer, or a list of them'),
  layers_pattern: orList(z.string().refine(isPattern)).describe('the name that lists of layers have in the model, or several'),
  modules_to_save: z.array(moduleName()).nullish().describe('a list of names of modules'),
  trainable_token_indices: z
    .union([tokens(), z.record(moduleName(), tokens())])
    .nullish()
    .describe('a list of the numbers of tokens, each once, or such lists by the names of modules'),
  bias: z.enum(['none', 'all', 'lora_only']).default('none').describe('none, all or lora_only'),
  use_rslora: flag(),
  use_dora: flag(),
  lora_bias: flag(),
  fan_in_fan_out: flag(),
  ensure_weight_tying: flag(),
};

/** What is checked: `Honoured` is what comes of it. */
export const adapterContract = z.object(honoured);

export type Honoured = z.infer<typeof adapterContract>;

/** Fields that say where an adapter comes from, how it was trained or how it was begun: merged, it is the same without them. */
export const idleFields = new Set([
  'auto_mapping',
  'base_model_name_or_path',
  'corda_config',
  'eva_config',
  'inference_mode',
  'loftq_config',
  'lora_dropout',
  'lora_ga_config',
  'megatron_core',
  'peft_version',
  'qalora_group_size',
  'revision',
  'runtime_config',
  'velora_config',
]);

/** Fields with rules of their own. */
export const judgedFields = new Set(['peft_type', 'task_type', 'init_lora_weights']);

/** Other sums than a LoRA's: what comes of a merge is not known to be what was trained. */
export const otherSums = [
  'use_qalora',
  'use_bdlora',
  'alora_invocation_tokens',
  'arrow_config',
  'kasa_config',
  'layer_replication',
  'megatron_config',
  'monteclora_config',
  'target_parameters',
];

function factor() {
  return z.number().refine((value) => value !== 0);
}

function flag() {
  return z
    .boolean()
    .nullish()
    .transform((value) => value === true)
    .describe('true or false');
}

function moduleName() {
  return z.string().regex(/^[\w.-]+$/);
}

function modules() {
  return z.union([z.string().refine(isPattern), z.array(moduleName())]).nullish();
}

function orList<T extends z.ZodType>(one: T) {
  return z.union([one, z.array(one)]).nullish();
}

function byPattern<T extends z.ZodType>(value: T) {
  return z.record(z.string().refine(isPattern), value).nullish();
}

function tokens() {
  return z.array(z.int().nonnegative()).refine((list) => new Set(list).size === list.length);
}

function isPattern(written: string): boolean {
  return readPattern(written) !== null;
}
