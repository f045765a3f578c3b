import { loraTensors, type Tensors } from './adapters.ts';

/**
 * Configs of an adapter on two modules of two layers, each by what it says in another way: what preflight says of it, and whether PEFT would merge
 * it nonetheless, which is then refused because something else would come of it than was trained.
 */
export interface OddConfig {
  what: string;
  config: Record<string, unknown>;
  /** Weights beside those that it has, or instead of them. */
  tensors?: Tensors;
  /** In the message; left out where it is merged. */
  refused?: RegExp;
  /** PEFT merges it without a word. */
  mergedByPeft?: true;
}

const first = 'layers.0.self_attn.q_proj';
const prefix = 'base_model.model.model';
const rows = { [`${prefix}.embed_tokens.token_adapter.trainable_tokens_delta`]: [2, 16] };
const embeddingFactors = { [`${prefix}.embed_tokens.lora_embedding_A`]: [2, 40], [`${prefix}.embed_tokens.lora_embedding_B`]: [16, 2] };
const saved = (module: string, shape: number[], ...layers: number[]): Tensors =>
  Object.fromEntries(layers.map((layer) => [`${prefix}.layers.${layer}.${module}.weight`, shape]));

const taken: OddConfig[] = [
  { what: 'as it was saved', config: {} },
  { what: 'another version, base and state of saving', config: { peft_version: '99', base_model_name_or_path: null, inference_mode: 5 } },
  { what: 'no task', config: { task_type: null } },
  { what: 'settings that say nothing after the training', config: { lora_dropout: 'high', revision: 7, auto_mapping: { a: 1 } } },
  { what: 'runtime settings', config: { runtime_config: { ephemeral_gpu_offload: true } } },
  { what: 'a setting of a newer PEFT', config: { later_size: 16, later_name: 'x' } },
  { what: 'something of a newer PEFT that is switched off', config: { use_later: false, later_config: null, later_list: [], later: {} } },
  { what: 'no alpha', config: { lora_alpha: undefined } },
  { what: 'a fraction as alpha', config: { lora_alpha: 2.5 } },
  { what: 'an alpha below 0', config: { lora_alpha: -4 } },
  { what: 'targets in another order, twice', config: { target_modules: ['up_proj', 'q_proj', 'up_proj'] } },
  { what: 'targets as an expression', config: { target_modules: '.*\\.(?P<which>q_proj|up_proj)' } },
  {
    what: 'targets as an expression over whole names',
    config: { target_modules: 'model\\.layers\\.\\d+\\.(self_attn\\.q_proj|mlp\\.up_proj)' },
  },
  { what: 'targets left to PEFT', config: { target_modules: null } },
  { what: 'no targets', config: { target_modules: undefined } },
  { what: 'more targets than the model has', config: { target_modules: ['q_proj', 'up_proj', 'c_attn'] } },
  {
    what: 'targets without those that are left out',
    config: { target_modules: ['q_proj', 'up_proj', 'v_proj'], exclude_modules: ['v_proj'] },
  },
  { what: 'targets without an expression', config: { target_modules: ['q_proj', 'up_proj', 'v_proj'], exclude_modules: '.*v_proj' } },
  { what: 'layers by number', config: { layers_to_transform: [0, 1] } },
  { what: 'layers of a list', config: { layers_to_transform: [0, 1], layers_pattern: 'layers' } },
  { what: 'ranks of modules that are not there', config: { rank_pattern: { c_attn: 64 } } },
  { what: 'an alpha of its own', config: { alpha_pattern: { [first]: 1, 'layers\\.\\d\\.mlp.up_proj': 8 } } },
  { what: 'rules without an entry', config: { rank_pattern: null, alpha_pattern: {} } },
  { what: 'empty lists', config: { modules_to_save: [], exclude_modules: [], layers_to_transform: [] } },
  { what: 'rsLoRA', config: { use_rslora: true } },
  { what: 'switches that are empty', config: { use_rslora: null, use_dora: null, lora_bias: null, fan_in_fan_out: null } },
  { what: 'inputs first, of a model that has them last', config: { fan_in_fan_out: true } },
  { what: 'biases that were trained, of a model that has none', config: { bias: 'all' } },
  { what: 'starts that leave the base as it is', config: { init_lora_weights: 'gaussian' } },
  { what: 'a start by the data', config: { init_lora_weights: 'eva', eva_config: { rho: 2 } } },
  { what: 'rows of tokens', config: { trainable_token_indices: { embed_tokens: [39, 1] } }, tensors: { ...loraTensors, ...rows } },
  {
    what: 'a saved module',
    config: { modules_to_save: ['down_proj'] },
    tensors: { ...loraTensors, ...saved('mlp.down_proj', [16, 32], 0, 1) },
  },
  { what: 'all linear layers, of which some have weights', config: { target_modules: 'all-linear' } },
  { what: 'no word about the start', config: { init_lora_weights: null } },
];

const refused: OddConfig[] = [
  { what: 'another method', config: { peft_type: 'IA3' }, refused: /the adapter is IA3, and only LORA is merged here/ },
  { what: 'a method in a list', config: { peft_type: ['LORA'] }, refused: /the adapter is of the type \["LORA"\]/ },
  { what: 'no method', config: { peft_type: undefined }, refused: /the adapter is of the type missing/ },
  { what: 'another task', config: { task_type: 'SEQ_CLS' }, refused: /trained for SEQ_CLS/, mergedByPeft: true },
  { what: 'a task in a list', config: { task_type: ['CAUSAL_LM'] }, refused: /trained for \["CAUSAL_LM"\]/ },
  { what: 'a rank of 0', config: { r: 0 }, refused: /: r is 0; it is a whole number above 0: save/ },
  { what: 'a rank below 0', config: { r: -2 }, refused: /r is -2; it is a whole number above 0/ },
  { what: 'a fraction as rank', config: { r: 2.5 }, refused: /r is 2\.5;/ },
  { what: 'a word as rank', config: { r: '2' }, refused: /r is "2";/ },
  { what: 'an empty rank', config: { r: null }, refused: /r is null;/ },
  { what: 'no rank, which PEFT takes for 8', config: { r: undefined }, refused: /is 2, and its adapter_config\.json says 8/ },
  { what: 'an empty alpha', config: { lora_alpha: null }, refused: /lora_alpha is null; it is a number other than 0/ },
  { what: 'an alpha of 0', config: { lora_alpha: 0 }, refused: /lora_alpha is 0;/, mergedByPeft: true },
  { what: 'a word as alpha', config: { lora_alpha: '4' }, refused: /lora_alpha is "4";/ },
  { what: 'a word as switch', config: { use_rslora: 'yes' }, refused: /use_rslora is "yes"; it is true or false/, mergedByPeft: true },
  { what: 'a number as targets', config: { target_modules: 5 }, refused: /target_modules is 5; it is a list of names of modules, or/ },
  {
    what: 'an expression that is none',
    config: { target_modules: '((((' },
    refused: /target_modules is "\(\(\(\("; .*regular expression of Python/,
  },
  { what: 'targets that are no names', config: { target_modules: ['q_proj', 5] }, refused: /target_modules is \["q_proj",5\];/ },
  {
    what: 'no name among the targets',
    config: { target_modules: [] },
    refused: /changes .*, which its adapter_config\.json does not name/,
  },
  {
    what: 'targets that leave modules out',
    config: { target_modules: ['q_proj'] },
    refused: /changes .*up_proj, which its adapter_config\.json does not name/,
  },
  {
    what: 'layers that leave modules out',
    config: { layers_to_transform: 0 },
    refused: /changes model\.layers\.1\..*, which its adapter_config\.json does not name/,
  },
  {
    what: 'modules that are left out, and are there',
    config: { exclude_modules: ['q_proj'] },
    refused: /changes .*q_proj, which its adapter_config\.json does not name/,
  },
  { what: 'an expression that also fits others', config: { target_modules: '.*_proj' }, refused: /says that .*down_proj was adapted/ },
  { what: 'a number as what is left out', config: { exclude_modules: 7 }, refused: /exclude_modules is 7;/ },
  { what: 'an expression of what is left out that is none', config: { exclude_modules: '[' }, refused: /exclude_modules is "\[";/ },
  {
    what: 'a word as a saved module',
    config: { modules_to_save: 'lm_head' },
    refused: /modules_to_save is "lm_head"; it is a list of names of modules/,
  },
  { what: 'saved modules that are no names', config: { modules_to_save: [5, null] }, refused: /modules_to_save is \[5,null\];/ },
  { what: 'saved modules without weights', config: { modules_to_save: ['lm_head'] }, refused: /names lm_head under modules_to_save/ },
  {
    what: 'ranks by an expression that is none',
    config: { rank_pattern: { '((': 4 } },
    refused: /rank_pattern is {"\(\(":4}; it is an object: whole numbers/,
  },
  {
    what: 'alphas by an expression that is none',
    config: { alpha_pattern: { 'q_proj)': 4 } },
    refused: /alpha_pattern is {"q_proj\)":4}; it is an object: numbers/,
  },
  { what: 'ranks in a list', config: { rank_pattern: [4] }, refused: /rank_pattern is \[4\];/ },
  { what: 'a rank of its own that is a word', config: { rank_pattern: { [first]: 'x' } }, refused: /rank_pattern is {.*"x"};/ },
  {
    what: 'a rank of its own that the weights have not',
    config: { rank_pattern: { q_proj: 4 } },
    refused: /is 2, and its adapter_config\.json says 4/,
  },
  { what: 'an alpha of its own that is empty', config: { alpha_pattern: { q_proj: null } }, refused: /alpha_pattern is {"q_proj":null};/ },
  {
    what: 'a word as layers',
    config: { layers_to_transform: 'all' },
    refused: /layers_to_transform is "all"; it is the number of a layer/,
  },
  {
    what: 'layers and an expression',
    config: { target_modules: '.*(q|up)_proj', layers_to_transform: [0, 1] },
    refused: /are for lists of names/,
  },
  {
    what: 'the name of a list alone',
    config: { layers_pattern: 'layers' },
    refused: /layers_pattern says nothing without layers_to_transform/,
  },
  {
    what: 'a list of layers that is no expression',
    config: { layers_to_transform: [0, 1], layers_pattern: '(' },
    refused: /layers_pattern is "\(";/,
  },
  { what: 'another word for biases', config: { bias: 'some' }, refused: /bias is "some"; it is none, all or lora_only/ },
  {
    what: 'biases of factors that the weights have not',
    config: { lora_bias: true },
    refused: /has no lora_B\.bias for model\.layers\.0\.self_attn\.q_proj/,
  },
  { what: 'DoRA without magnitudes', config: { use_dora: true }, refused: /has no lora_magnitude_vector for/ },
  {
    what: 'rows that are words',
    config: { trainable_token_indices: { embed_tokens: ['x'] } },
    refused: /it is a list of the numbers of tokens, each once/,
  },
  { what: 'rows below 0', config: { trainable_token_indices: [-1] }, refused: /trainable_token_indices is \[-1\];/ },
  {
    what: 'rows that the weights have not',
    config: { trainable_token_indices: [1, 2] },
    refused: /rows of the embedding under trainable_token_indices/,
  },
  {
    what: 'a start that changes the base',
    config: { init_lora_weights: 'pissa_niter_16' },
    refused: /init_lora_weights: pissa_niter_16.*plain LoRA/,
    mergedByPeft: true,
  },
  {
    what: 'a start that nobody knows',
    config: { init_lora_weights: 'nova' },
    refused: /init_lora_weights is "nova", of which is not known/,
  },
  {
    what: 'sums over experts',
    config: { target_parameters: ['experts.gate_up_proj'] },
    refused: /it uses `target_parameters`/,
    mergedByPeft: true,
  },
  {
    what: 'activation by tokens',
    config: { alora_invocation_tokens: [1, 2] },
    refused: /it uses `alora_invocation_tokens`/,
  },
  {
    what: 'layers several times',
    config: {
      layer_replication: [
        [0, 2],
        [0, 2],
      ],
    },
    refused: /it uses `layer_replication`/,
  },
  { what: 'layers in pieces', config: { megatron_config: { a: 1 } }, refused: /it uses `megatron_config`/ },
  { what: 'an SVD of the base', config: { kasa_config: { beta: 0.1 } }, refused: /it uses `kasa_config`/ },
  {
    what: 'another sum of a newer PEFT',
    config: { use_later: true },
    refused: /it says `use_later: true`, which is not known here/,
    mergedByPeft: true,
  },
];

const oddWeights: OddConfig[] = [
  {
    what: 'factors and rows of one module',
    config: { trainable_token_indices: [3, 4], target_modules: ['q_proj', 'up_proj', 'embed_tokens'] },
    tensors: { ...loraTensors, ...rows, ...embeddingFactors },
    refused: /has factors and rows of model\.embed_tokens, and PEFT merges one of them/,
  },
  {
    what: 'rows and the whole of one module',
    config: { trainable_token_indices: [3, 4], modules_to_save: ['embed_tokens'] },
    tensors: { ...loraTensors, ...rows, [`${prefix}.embed_tokens.weight`]: [40, 16] },
    refused: /has rows and the whole of model\.embed_tokens/,
  },
  {
    what: 'factors and the whole of one module',
    config: { modules_to_save: ['q_proj'] },
    tensors: { ...loraTensors, ...saved('self_attn.q_proj', [16, 16], 0, 1) },
    refused: /has factors and the whole of model\.layers\.0\.self_attn\.q_proj/,
  },
  {
    what: 'a saved module in one of two layers',
    config: { modules_to_save: ['down_proj'] },
    tensors: { ...loraTensors, ...saved('mlp.down_proj', [16, 32], 0) },
    refused: /names down_proj under modules_to_save, and the adapter has no weights of .*layers\.1\.mlp\.down_proj\.weight/,
  },
  {
    what: 'saved modules alone',
    config: { modules_to_save: ['lm_head'], target_modules: [] },
    tensors: { 'base_model.model.lm_head.weight': [40, 16] },
    refused: /has no factors \(lora_A, lora_B\), and PEFT merges nothing else by itself/,
  },
  {
    what: 'rows that the config does not speak of',
    config: {},
    tensors: { ...loraTensors, ...rows },
    refused: /has .*trainable_tokens_delta, and its adapter_config\.json does not say trainable_token_indices/,
    mergedByPeft: true,
  },
  {
    what: 'a bias of a module that has none',
    config: { bias: 'all' },
    tensors: { ...loraTensors, [`${prefix}.layers.0.self_attn.q_proj.bias`]: [16] },
    refused: /changes model\.layers\.0\.self_attn\.q_proj\.bias, which the model has not/,
    mergedByPeft: true,
  },
  {
    what: 'biases of factors, of modules that have none',
    config: { lora_bias: true },
    tensors: {
      ...loraTensors,
      ...Object.fromEntries(
        Object.entries(loraTensors).flatMap(([name, shape]) =>
          name.includes('lora_B') ? [[name.replace(/weight$/, 'bias'), [(shape as number[])[0] ?? 0]]] : [],
        ),
      ),
    },
    refused: /was trained with lora_bias, and model\.layers\.0\.self_attn\.q_proj has no bias/,
  },
];

export const oddConfigs: OddConfig[] = [...taken, ...refused, ...oddWeights];
