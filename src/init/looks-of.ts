import { existsSync } from 'node:fs';
import { whyWithout } from '../facts/companions.ts';
import { architecture, type Gguf, readGguf } from '../gguf/header.ts';
import type { Companion, Trust } from '../pipeline/pipeline.ts';
import type { Facts, WeightsHeader } from '../plan/facts.ts';
import { partOf, textConfigOf } from '../plan/model-parts.ts';
import { expectedGguf } from '../preview/expected-tensors.ts';
import type { Located } from '../sources/locate.ts';
import { hasTemplate, licenceOf } from './card.ts';
import type { Looks, Source } from './looks.ts';
import { activeWeights, type Shape, unevenRows, unpacked, weightsIn } from './shapes.ts';

interface Seen {
  source: Source;
  located: Located;
  facts: Facts;
  trust: Trust[];
}

/** Puts together what config, tokenizer and headers say. */
export function looksOf(seen: Seen): Omit<Looks, 'finished'> {
  const { source, facts, trust } = seen;
  const { header, weights: type, quantized, experts } = facts.model;
  return {
    source,
    type,
    quantized,
    experts,
    trust,
    bytesToFetch: bytesToFetch(facts),
    ...(header ? ofFolder(header, seen) : ofGguf(seen)),
  };
}

type OfKind = Omit<Looks, 'source' | 'type' | 'quantized' | 'experts' | 'trust' | 'bytesToFetch' | 'finished'>;

function ofFolder(header: WeightsHeader, { located }: Seen): OfKind {
  const { config } = header;
  const folder = 'path' in located.pipeline.model ? located.pipeline.model.path : '';
  const text = textConfigOf(config);
  const number = (...names: string[]) => numberIn(text, names) ?? numberIn(config, names);
  const [named = String(config['model_type'] ?? 'unknown')] = (config['architectures'] as string[] | undefined) ?? [];
  const bits = bitsOf(config);
  const expected = bits === null ? expectedGguf(header, 'f16') : null;
  const tensors = expected?.tensors ?? unpackedTensors(header, bits ?? 16);
  return {
    architecture: named,
    weights: weightsIn(tensors),
    activeWeights: activeWeights(tensors, {
      experts: number('num_local_experts', 'num_experts', 'n_routed_experts', 'moe_num_experts') ?? 0,
      used: number('num_experts_per_tok', 'num_experts_per_token', 'moe_topk', 'moe_k') ?? 2,
    }),
    vocabulary: number('vocab_size') ?? 0,
    context: number('max_position_embeddings', 'n_positions', 'n_ctx', 'max_seq_len', 'seq_length'),
    hasChatTemplate: hasTemplate(folder),
    licence: licenceOf(folder),
    companions: companionsOf(header),
    fullBytes: expected?.bytes ?? 2 * weightsIn(tensors),
    unevenRows: expected ? unevenRows(tensors) : null,
  };
}

function ofGguf({ facts }: Seen): OfKind {
  const shards = facts.model.files.map(({ path, standIn }) => readGguf(standIn ?? path));
  const [first] = shards as [Gguf];
  const tensors = shards.flatMap((shard) => shard.tensors);
  const { metadata } = first;
  const of = (key: string) => Number(metadata.get(`${architecture(first)}.${key}`) ?? 0);
  const tokens = metadata.get('tokenizer.ggml.tokens');
  return {
    architecture: architecture(first),
    weights: weightsIn(tensors),
    activeWeights: activeWeights(tensors, { experts: of('expert_count'), used: of('expert_used_count') }),
    vocabulary: typeof tokens === 'object' ? tokens.length : of('vocab_size'),
    context: of('context_length') || null,
    hasChatTemplate: metadata.has('tokenizer.chat_template'),
    licence: metadata.has('general.license') ? String(metadata.get('general.license')) : null,
    companions: [],
    fullBytes: facts.model.files.reduce((total, { size }) => total + size, 0),
    unevenRows: unevenRows(tensors),
  };
}

/** What the Hub's cache has not got yet. */
function bytesToFetch({ model }: Facts): number {
  const missing = model.files.filter(({ hub, path }) => hub && !existsSync(path));
  return missing.reduce((total, { size }) => total + size, 0);
}

/** What can be converted beside the text model, as far as it is among the weights. */
function companionsOf({ config, tensors }: WeightsHeader): Companion[] {
  const names = tensors.map(({ name }) => name);
  const told: Companion[] = [
    ...(config['vision_config'] ? (['mmproj'] as const) : []),
    ...(names.some((name) => partOf(name, config) === 'mtp') ? (['mtp'] as const) : []),
  ];
  return told.filter((companion) => whyWithout(companion, config, names) === null);
}

/** How many bits a weight has that lies packed with others in one number; null where each has its own. */
function bitsOf(config: Record<string, unknown>): number | null {
  const quantization = (config['quantization_config'] ?? textConfigOf(config)['quantization_config']) as
    | Record<string, unknown>
    | undefined;
  const method = String(quantization?.['quant_method'] ?? '').toLowerCase();
  if (!['gptq', 'mxfp4', 'compressed-tensors'].includes(method)) return null;
  return Number(quantization?.['bits'] ?? 4);
}

function unpackedTensors({ tensors, config }: WeightsHeader, bits: number): Shape[] {
  return tensors.filter(({ name }) => partOf(name, config) === null).flatMap((tensor) => unpacked(tensor, bits));
}

function numberIn(config: Record<string, unknown>, names: string[]): number | null {
  const found = names.map((name) => config[name]).find((value) => typeof value === 'number');
  return typeof found === 'number' ? found : null;
}
