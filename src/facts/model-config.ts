/** What a config.json says that decides a plan. */
type Config = Record<string, unknown>;

export function hasExperts(config: Config): boolean {
  const counts = ['num_local_experts', 'num_experts', 'n_routed_experts', 'moe_num_experts'].map((key) => field(config, key));
  return counts.some((count) => typeof count === 'number' && count > 1);
}

/** How the weights are quantized already (`fp8`, `mxfp4`, `gptq` ...), or null. */
export function quantizationOf(config: Config): string | null {
  const quantization = field(config, 'quantization_config') as Config | undefined;
  if (!quantization) return null;
  const method = quantization['quant_method'] ?? quantization['quant_algo'] ?? quantization['format'];
  return typeof method === 'string' ? method.toUpperCase() : 'quantization_config in config.json';
}

/** Why next-token perplexity means nothing for this architecture, or null for a causal language model. */
export function whyNotCausal(config: Config): string | null {
  const [architecture] = (config['architectures'] as string[] | undefined) ?? [];
  if (architecture === undefined) return null;
  const encoder =
    /^(Modern|Nomic|Distil|Ro|XLMRo|Camem|Jina|Neo|Eur|De|Al|Ob|Multi)?[Bb](ert|ERT|oBERT)|Roberta|T5Encoder|MPNet|Electra|ForMaskedLM|ForSequenceClassification|ForTokenClassification|Whisper|WavTokenizer/;
  if (encoder.test(architecture)) return `${architecture} is an encoder, not a causal language model`;
  if (/^(T5|MT5|UMT5|Bart|MBart|Pegasus)/.test(architecture)) return `${architecture} is an encoder-decoder, not a causal language model`;
  return null;
}

function field(config: Config, key: string): unknown {
  return config[key] ?? (config['text_config'] as Config | undefined)?.[key];
}
