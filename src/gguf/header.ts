import { Failure, messageOf } from '../errors.ts';
import { type GgufValue, readMetadata, readString } from './metadata.ts';
import { FileReader } from './reader.ts';
import { tensorTypes } from './types.ts';

export interface GgufTensor {
  name: string;
  /** ggml's name in capitals: `Q4_K`. */
  type: string;
  /** Row length first. */
  shape: number[];
  bytes: number;
  /** From the start of the data. */
  offset: number;
}

export interface Gguf {
  version: number;
  metadata: Map<string, GgufValue>;
  /** Bytes that each key takes in the header, its name and type included. */
  keyBytes: Map<string, number>;
  tensors: GgufTensor[];
  alignment: number;
  dataOffset: number;
  /** Exact size of the file that this header implies. */
  size: number;
  /** sha256 over the tokenizer's keys, sorted, and their values as they lie in the file, without chat templates. */
  tokenizer: string;
}

const mostEntries = 1 << 20;

/** Far above any real one (a vocabulary of a million tokens takes 40 MB), and low enough to keep in memory. */
const largestHeader = 1 << 29;

/** Reads the header of a GGUF, and nothing of its data. Throws Failure with what is wrong. */
export function readGguf(path: string): Gguf {
  try {
    using reader = new FileReader(path, largestHeader);
    return readHeader(reader);
  } catch (thrown) {
    throw new Failure(`${path} is not a whole GGUF: ${messageOf(thrown)}`);
  }
}

/** 8 x tensor bytes / number of weights. */
export function bitsPerWeight({ tensors }: Pick<Gguf, 'tensors'>): number {
  const weights = tensors.reduce((total, { shape }) => total + elements(shape), 0);
  return (8 * tensors.reduce((total, { bytes }) => total + bytes, 0)) / weights;
}

/** How many tensors have which type, the most frequent first. */
export function tensorTypesOf({ tensors }: Pick<Gguf, 'tensors'>): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { type } of tensors) counts.set(type, (counts.get(type) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([, a], [, b]) => b - a));
}

export function architecture({ metadata }: Gguf): string {
  return String(metadata.get('general.architecture') ?? 'unknown');
}

/** Equal for two files that cut text into the same tokens. */
export function tokenizerDigest(gguf: Gguf): string {
  return gguf.tokenizer;
}

/**
 * Why llama-perplexity cannot measure this model, in words; null for a causal language model.
 * From the release's sources: which architectures switch causal attention off (src/models/), which have an encoder
 * (llama_model_has_encoder), and the tool's own assertion about end tokens.
 */
export function whyNoPerplexity(gguf: Gguf): string | null {
  const name = architecture(gguf);
  const kind = gguf.metadata.get('general.type');
  if (kind === 'adapter') return 'it is a LoRA adapter, not a model';
  if (kind === 'imatrix') return 'it is an importance matrix, not a model';
  if (name === 'clip' || kind === 'mmproj') return 'it is a vision or audio projector, not a language model';
  if (name === 'wavtokenizer-dec') return `${name} makes sound, not text`;
  if (drafts.has(name)) return `${name} drafts for another model and is none by itself`;
  if (diffusion.has(name)) return `${name} is a diffusion model: it does not predict the next token`;
  if (isEncoder(name, gguf)) return `${name} is an encoder, not a causal language model`;
  if (gguf.metadata.get('tokenizer.ggml.add_eos_token') === true)
    return 'its tokenizer ends every text with an end token (tokenizer.ggml.add_eos_token), on which llama-perplexity aborts';
  return null;
}

const drafts = new Set(['eagle3', 'dflash']);
const diffusion = new Set(['dream', 'llada', 'llada-moe', 'rnd1']);

function isEncoder(name: string, { metadata }: Gguf): boolean {
  return /bert/.test(name) || ['t5', 't5encoder', 'gemma-embedding'].includes(name) || metadata.get(`${name}.attention.causal`) === false;
}

function readHeader(reader: FileReader): Gguf {
  if (reader.fileSize < 24) throw new RangeError(`it has only ${reader.fileSize} bytes`);
  if (reader.bytes(4).toString('latin1') !== 'GGUF') throw new RangeError('it does not begin with GGUF');
  const version = reader.u32();
  if (version === 3 << 24) throw new RangeError('it is made for big-endian machines');
  if (version !== 2 && version !== 3) throw new RangeError(`version ${version} is not known here`);
  const tensorCount = plausible(reader.u64(), 'tensors');
  const keyCount = plausible(reader.u64(), 'metadata keys');
  const { metadata, keyBytes, tokenizer } = readMetadata(reader, keyCount);
  const alignment = Number(metadata.get('general.alignment') ?? 32);
  if (!Number.isInteger(alignment) || alignment < 1 || (alignment & (alignment - 1)) !== 0)
    throw new RangeError(`alignment ${alignment} is no power of two`);
  const tensors = Array.from({ length: tensorCount }, () => readTensor(reader));
  refuseDoubles(tensors.map((tensor) => tensor.name));
  const dataOffset = padded(reader.position, alignment);
  // Without tensors the header ends the file; some writers pad it all the same.
  const size = tensors.length === 0 ? Math.min(dataOffset, reader.fileSize) : dataOffset + dataSize(tensors, alignment);
  return { version, metadata, keyBytes, tensors, alignment, dataOffset, size, tokenizer };
}

function readTensor(reader: FileReader): GgufTensor {
  const name = readString(reader);
  const dimensions = reader.u32();
  if (dimensions < 1 || dimensions > 4) throw new RangeError(`tensor ${name} has ${dimensions} dimensions`);
  const shape = Array.from({ length: dimensions }, () => reader.u64());
  const id = reader.u32();
  const type = tensorTypes.get(id);
  if (!type) throw new RangeError(`tensor ${name} has the unknown type ${id}`);
  if ((shape[0] ?? 0) % type.block !== 0) throw new RangeError(`tensor ${name} has rows of ${shape[0]}, which ${type.name} cannot hold`);
  const bytes = (elements(shape) / type.block) * type.bytes;
  if (!Number.isSafeInteger(bytes)) throw new RangeError(`tensor ${name} is implausibly large`);
  return { name, type: type.name, shape, bytes, offset: reader.u64() };
}

/** Tensors follow each other in the order of the header, each padded to the alignment: llama.cpp opens nothing else. */
function dataSize(tensors: GgufTensor[], alignment: number): number {
  let end = 0;
  for (const { name, offset, bytes } of tensors) {
    if (offset !== end) throw new RangeError(`tensor ${name} lies at ${offset} instead of ${end}`);
    end = padded(end + bytes, alignment);
  }
  return end;
}

function plausible(count: number, what: string): number {
  if (count > mostEntries) throw new RangeError(`${count} ${what} are implausible`);
  return count;
}

function refuseDoubles(names: string[]): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) throw new RangeError(`the tensor ${name} appears twice`);
    seen.add(name);
  }
}

function padded(size: number, alignment: number): number {
  return Math.ceil(size / alignment) * alignment;
}

function elements(shape: number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
