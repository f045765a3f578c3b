import { basename } from 'node:path';
import type { Here, ModelSource } from '../pipeline/pipeline.ts';
import { digestOf } from '../plan/canonical.ts';
import type { AdapterFacts, FileFact, WeightsHeader } from '../plan/facts.ts';
import { adapterConfig } from './adapter-files.ts';
import { type AdapterLook, lookAtAdapter } from './adapter-look.ts';
import { rowsOf } from './adapter-rows.ts';
import { isEmbeddingModule, isOutputModule } from './adapter-tensors.ts';
import { repoOfSnapshot } from './model-name.ts';

/** What of an adapter decides a plan, and what of the model's headers it changes. */
interface GatheredAdapter {
  facts: AdapterFacts;
  /** Of the merged model, as far as headers tell. */
  merged(header: WeightsHeader): WeightsHeader;
}

/**
 * @param called what people call the base
 * @param bytes of the base's weights
 */
export async function gatherAdapter(
  model: ModelSource<Here>,
  adapter: Here,
  { called, bytes, fact }: { called: string; bytes: number; fact: (name: string) => Promise<FileFact> },
): Promise<GatheredAdapter> {
  const look = lookAtAdapter(model, adapter);
  const files = await Promise.all(look.selection.files.map(fact));
  const { base, merged } = rowsOf(look);
  const rows = merged === base ? null : merged;
  const baseWeights = [
    ...look.model.weights.filter((name) => !name.includes('/')),
    ...look.model.files.filter((name) => name.endsWith('.index.json')),
  ];
  const facts = {
    files,
    baseWeights,
    rows,
    lora: look.lora,
    digest: adapterDigest(look, files),
    memoryBytes: memoryFor(
      bytes,
      files.reduce((total, { size }) => total + size, 0),
    ),
    notes: notesOf(look, called),
  };
  return { facts, merged: (header) => mergedHeader(header, look, rows) };
}

/** By what decides the merged weights and the tokenizer. */
function adapterDigest({ lora }: AdapterLook, files: FileFact[]): string {
  const deciding = files.filter(({ name }) => name !== adapterConfig).map(({ name, sha256 }) => [name, sha256]);
  return digestOf('qpipe.adapter.v1', [lora, ...deciding]);
}

/**
 * An estimate. Measured of Llamas in BF16 of which an adapter changed two thirds: 1.05 GB for 0.99 GB of weights, 1.94 GB for 2.21 GB. What it does
 * not change stays in the base's file, and is counted here all the same; the adapter becomes F32.
 */
function memoryFor(baseBytes: number, adapterBytes: number): number {
  return Math.round(1.1 * baseBytes + 2 * adapterBytes + 0.5e9);
}

function notesOf(look: AdapterLook, called: string): string[] {
  const { config } = look;
  const { base, merged } = rowsOf(look);
  return [
    ...(config.base !== null && !isSameName(config.base, called)
      ? [`The adapter says that it was trained on ${config.base}, and is merged into ${called}: the shapes fit.`]
      : []),
    ...(config.unread.length > 0
      ? [`The adapter's config sets ${config.unread.join(', ')}, which PEFT as it is used here does not know: merged without.`]
      : []),
    ...(base !== merged ? [`The embedding gets ${merged} rows instead of ${base}: the adapter's tokenizer has other tokens.`] : []),
    ...(becomesUntied(look)
      ? [
          'The adapter trains the embedding or the output, which are one tensor in the model: they become two, and every file grows by one of them.',
        ]
      : []),
  ];
}

/** Without owners, folders and letter case; of a snapshot in the Hub's cache the repo. */
function isSameName(one: string, other: string): boolean {
  const plain = (name: string) => (repoOfSnapshot(name) ?? basename(name)).toLowerCase();
  return plain(one) === plain(other);
}

/** An embedding that is the output as well was the output still when only one of the two was trained. */
function becomesUntied({ isTied, lora, tensors }: AdapterLook): boolean {
  if (!isTied || lora.tiesEmbeddings || lora.tokenRows !== null) return false;
  const named = (module: string) => lora.modulesToSave.some((name) => module === name || module.endsWith(`.${name}`));
  return tensors.some(({ module, part }) => (isEmbeddingModule(module) || isOutputModule(module)) && (part === 'A' || named(module)));
}

function mergedHeader({ tensors, config }: WeightsHeader, look: AdapterLook, rows: number | null): WeightsHeader {
  const isOuter = (name: string) => {
    const module = name.replace(/\.weight$/, '');
    return isEmbeddingModule(module) || isOutputModule(module);
  };
  const resized = tensors.map(({ name, shape }) => ({ name, shape: rows !== null && isOuter(name) ? [rows, ...shape.slice(1)] : shape }));
  const embedding = resized.find(({ name }) => isEmbeddingModule(name.replace(/\.weight$/, '')));
  const output = becomesUntied(look) && look.output === null && embedding ? [{ name: 'lm_head.weight', shape: embedding.shape }] : [];
  return { tensors: [...resized, ...output], config: { ...config, ...(rows === null ? {} : { vocab_size: rows }) } };
}
