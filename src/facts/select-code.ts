import { UserError } from '../errors.ts';
import { parseObject } from './parse-json.ts';
import type { Offer } from './selection.ts';

type Json = Record<string, unknown>;

/**
 * Architectures whose tokenizer the pinned converter loads with `trust_remote_code=True`: Python that comes with the model then runs. For all others
 * it asks transformers not to, and reads the vocabulary itself or fails.
 */
export const runTokenizerCode = new Set([
  'ChatGLMForConditionalGeneration',
  'ChatGLMModel',
  'DreamModel',
  'Glm4ForCausalLM',
  'Glm4vForConditionalGeneration',
  'GlmForCausalLM',
  'GlmOcrForConditionalGeneration',
  'HunYuanMoEV1ForCausalLM',
  'InternS1ForConditionalGeneration',
  'KimiK3ForConditionalGeneration',
  'KimiLinearForCausalLM',
  'KimiLinearModel',
  'LLaDAModelLM',
  'MiniMaxM1ForCausalLM',
  'MiniMaxText01ForCausalLM',
  'NemotronHForCausalLM',
  'NemotronHPuzzleForCausalLM',
  'QWenLMHeadModel',
]);

/** The same, but only after the plain way has failed: without tokenizer.json, or with a tokenizer that transformers does not have. */
export const runTokenizerCodeAtLast = new Set([
  'DeepseekOCRForCausalLM',
  'DeepseekV2ForCausalLM',
  'DeepseekV3ForCausalLM',
  'HYV4ForCausalLM',
  'HunYuanDenseV1ForCausalLM',
  'HunYuanVLForConditionalGeneration',
  'KimiK25ForConditionalGeneration',
  'KimiVLForConditionalGeneration',
  'LlavaStableLMEpochForCausalLM',
  'StableLMEpochForCausalLM',
  'StableLmForCausalLM',
  'UnlimitedOCRForCausalLM',
  'YoutuForCausalLM',
  'YoutuVLForConditionalGeneration',
]);

/** Tokenizers for which every Llama's is loaded that way. */
const runningTokenizers = new Set(['HybridDNATokenizer']);

/** Python files of a model that is trusted, with what else they may open. Refuses a model whose code would run and is not trusted. */
export function selectCode(offer: Offer): string[] {
  const { names, where, trust } = offer;
  const needed = codeThatRuns(offer);
  const [first] = needed;
  if (!trust.includes('code')) {
    if (first === undefined) return [];
    throw new UserError(
      `${where} has a tokenizer that is Python code of its own (${first}), which the conversion would run: read it and say \`trust: [code]\` under model, or take another form of the model`,
    );
  }
  const foreign = needed.find((file) => file.includes('--'));
  if (foreign) throw new UserError(`${where} has a tokenizer whose code lies in another repo (${foreign}): put it into the model's folder`);
  const missing = needed.find((file) => !names.includes(file));
  if (missing) throw new UserError(`${where} has a tokenizer that is code in ${missing}, which is not there`);
  return names.filter((name) => /^[^/]+\.(py|model|tiktoken|bpe|vocab|txt|jsonl?)$/.test(name) && !name.endsWith('.index.json'));
}

/** Files by the names that transformers has for them: `tokenization_own.py`, of another repo `owner/name--tokenization_own.py`. */
function codeThatRuns(offer: Offer): string[] {
  const config = objectIn('config.json', offer);
  const tokenizer = objectIn('tokenizer_config.json', offer);
  if (!loadsCode(config, tokenizer, offer)) return [];
  // Without a class of the tokenizer transformers looks into the model's configuration, which may be code as well.
  const ofConfig = tokenizer['tokenizer_class'] ? [] : ['AutoConfig', 'AutoTokenizer'].flatMap((kind) => classesOf(config, kind));
  const classes = [...classesOf(tokenizer, 'AutoTokenizer'), ...ofConfig];
  return [...new Set(classes.map((reference) => `${reference.slice(0, reference.lastIndexOf('.'))}.py`))];
}

function loadsCode(config: Json, tokenizer: Json, { names }: Offer): boolean {
  const text = config['text_config'] as Json | undefined;
  const architectures = [config, text].flatMap((part) => (part?.['architectures'] as string[] | undefined)?.[0] ?? []);
  const name = String(tokenizer['tokenizer_class']);
  if (runningTokenizers.has(name) || architectures.some((architecture) => runTokenizerCode.has(architecture))) return true;
  const plainFails = !names.includes('tokenizer.json') || classesOf(tokenizer, 'AutoTokenizer').some((own) => own.endsWith(`.${name}`));
  return plainFails && architectures.some((architecture) => runTokenizerCodeAtLast.has(architecture));
}

/** What `auto_map` names for a class of transformers: `module.Class`, or a pair of them of which one may be null. */
function classesOf({ auto_map: map }: Json, kind: string): string[] {
  // Old tokenizers have the pair alone.
  const named = Array.isArray(map) && kind === 'AutoTokenizer' ? map : (map as Json | undefined)?.[kind];
  return [named].flat().filter((one) => typeof one === 'string');
}

/** Of a file that is damaged nothing runs: what is wrong with it is told by whoever reads it for its sake. */
function objectIn(name: string, { text, where }: Offer): Json {
  try {
    return parseObject(text(name) ?? '{}', `${where}/${name}`);
  } catch {
    return {};
  }
}
