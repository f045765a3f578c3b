import { basename, join } from 'node:path';
import { architecture, bitsPerWeight, type Gguf, readGguf, tensorTypesOf, whyNoPerplexity } from '../gguf/header.ts';
import { splitSiblings } from '../gguf/split.ts';
import { shapeOf } from '../memory/shape.ts';
import { splitOf } from '../memory/split.ts';
import type { Here, LocalPipeline, ModelSource } from '../pipeline/pipeline.ts';
import { digestOf } from '../plan/canonical.ts';
import type { FileFact, GgufFacts, ModelFacts } from '../plan/facts.ts';
import type { QuantType } from '../tools/llama-cpp.ts';
import { gatherAdapter } from './adapter.ts';
import { headOfCard } from './card-head.ts';
import { hasExperts, quantizationOf, whyNotCausal } from './model-config.ts';
import { readModelFolder } from './model-files.ts';
import { asFileName, nameOfFolder, nameOfGguf, repoOfSnapshot } from './model-name.ts';
import { readWeights } from './read-weights.ts';
import { isForPeople } from './select-files.ts';

/** Digests a file and gives its fact. */
type MakeFact = (path: string, name?: string) => Promise<FileFact>;

export async function folderModel(
  pipeline: LocalPipeline,
  model: ModelSource<Here>,
  fact: (folder: string, name: string) => Promise<FileFact>,
): Promise<ModelFacts> {
  const folder = readModelFolder(model.path, model.trust);
  const files = await Promise.all(folder.files.map((name) => fact(model.path, name)));
  // What lies in a folder of its own is another network: it is converted with the model, or into another file.
  const own = folder.weights.filter((name) => !name.includes('/'));
  const tensors = own.flatMap((name) => readWeights(join(model.path, name)));
  const weights = mostCommon(tensors.map(({ dtype, bytes }) => [dtype, bytes]));
  const stored = { tensors: tensors.map(({ name, shape }) => ({ name, shape })), config: folder.config };
  const { adapter: where } = model;
  const adapter =
    where &&
    (await gatherAdapter(model, where, {
      called: calledBy(model, files),
      bytes: bytesOf(tensors),
      fact: (name) => fact(where.path, name),
    }));
  const header = adapter ? adapter.merged(stored) : stored;
  return {
    // Merged, it is another model than its base, and must not go by its name.
    name: model.name ? asFileName(model.name) : nameOfFolder(pipeline, where?.path ?? model.path),
    files,
    digest: sourceDigest(files),
    experts: hasExperts(folder.config),
    parameters: header.tensors.reduce((total, { shape }) => total + shape.reduce((product, size) => product * size, 1), 0),
    weights,
    bpw: null,
    tensorTypes: null,
    split: null,
    card: headOfCard(model.path),
    quantized: quantizationOf(folder.config) ?? (weights.startsWith('F8') ? weights : null),
    notCausal: whyNotCausal(folder.config),
    shape: null,
    header,
    adapter: adapter?.facts ?? null,
  };
}

export async function ggufModel(model: ModelSource<Here>, types: QuantType[], fact: MakeFact): Promise<ModelFacts> {
  const { files, bpw, parameters, weights, tensorTypes, split } = await readGgufFacts(model.path, types, fact);
  const gguf = readGguf(model.path);
  const tensors = splitSiblings(model.path).flatMap((shard) => readGguf(shard).tensors);
  return {
    name: model.name
      ? asFileName(model.name)
      : nameOfGguf(
          model.path,
          types.map((type) => type.name),
        ),
    files,
    digest: digestOf(
      'qpipe.source.v1',
      files.map((file) => file.sha256),
    ),
    experts: Number(gguf.metadata.get(`${architecture(gguf)}.expert_count`) ?? 0) > 1,
    parameters,
    weights,
    bpw,
    tensorTypes,
    split,
    card: null,
    quantized: ['F16', 'BF16', 'F32'].includes(weights) ? null : weights,
    notCausal: whyNoPerplexity(gguf),
    shape: shapeOf({ ...gguf, tensors }),
    header: null,
    adapter: null,
  };
}

/** A GGUF and its shards. Throws Failure when it is none. */
export async function readGgufFacts(path: string, types: QuantType[], fact: MakeFact): Promise<GgufFacts> {
  const shards = splitSiblings(path);
  const headers = shards.map(readGguf);
  const tensors = headers.flatMap((gguf) => gguf.tensors);
  return {
    files: await Promise.all(shards.map((shard) => fact(shard, basename(shard)))),
    bpw: bitsPerWeight({ tensors }),
    parameters: tensors.reduce((total, { shape }) => total + shape.reduce((product, size) => product * size, 1), 0),
    weights: fileType(headers, types) ?? mostCommon(tensors.map(({ type, bytes }) => [type, bytes])),
    tensorTypes: tensorTypesOf({ tensors }),
    split: splitOf({ tensors }),
  };
}

/** The repo's name, or the folder's. */
function calledBy({ path }: Here, [first]: FileFact[]): string {
  return first?.hub?.repo ?? repoOfSnapshot(path) ?? basename(path);
}

function bytesOf(tensors: { bytes: number }[]): number {
  return tensors.reduce((total, { bytes }) => total + bytes, 0);
}

/** Files that only tell people something are left out: a commit that changes a README is the same source. */
function sourceDigest(files: FileFact[]): string {
  const deciding = files.filter((file) => !isForPeople(file.name));
  return digestOf(
    'qpipe.source.v1',
    deciding.map(({ name, sha256 }) => [name, sha256]),
  );
}

/** The type a GGUF was made as, by llama.cpp's own number for it. */
function fileType(headers: Gguf[], types: QuantType[]): string | null {
  const number = headers[0]?.metadata.get('general.file_type');
  return types.find((type) => type.aliasOf === null && type.ftype !== null && type.ftype === number)?.name ?? null;
}

/** The type that holds most bytes. */
function mostCommon(tensors: [type: string, bytes: number][]): string {
  const bytes = new Map<string, number>();
  for (const [type, size] of tensors) bytes.set(type, (bytes.get(type) ?? 0) + size);
  return [...bytes].sort(([, a], [, b]) => b - a)[0]?.[0] ?? 'unknown';
}
