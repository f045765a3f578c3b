import type { Companion, Trust } from '../pipeline/pipeline.ts';
import type { FinishedFile } from './finished.ts';

/** What was seen of a model: its config, its tokenizer, the headers of its weights. */
export interface Looks {
  /** As a person wrote it, or a GGUF of that repo which was chosen for them. Paths are absolute. */
  source: Source;
  /** `LlamaForCausalLM`; of a GGUF llama.cpp's own name, `llama`. */
  architecture: string;
  /** Of the language model: what is converted into files of their own is not among them. */
  weights: number;
  /** Of them, those that one token is multiplied with. Fewer with experts. */
  activeWeights: number;
  /** Type as stored: `BF16`, `Q8_0` ... */
  type: string;
  /** How the weights are quantized already, or null. */
  quantized: string | null;
  experts: boolean;
  /** Words; 0 when nothing tells. */
  vocabulary: number;
  /** Tokens; null when nothing tells. */
  context: number | null;
  hasChatTemplate: boolean;
  /** As the card says it, or null. */
  licence: string | null;
  companions: Companion[];
  trust: Trust[];
  /** Bytes of the full model as a GGUF: F16 for what is converted, else of the file itself. */
  fullBytes: number;
  /** What of it is still on the Hub, in bytes. */
  bytesToFetch: number;
  /** Weights in rows that blocks of 256 do not divide; null when there are none. */
  unevenRows: UnevenRows | null;
  /** Smaller GGUFs of the same model beside a GGUF, the largest first. */
  finished: FinishedFile[];
}

export type Source =
  | { kind: 'repo'; repo: string; revision: string | null; commit: string }
  | { kind: 'repo-gguf'; repo: string; revision: string | null; commit: string; file: string }
  | { kind: 'folder'; path: string; name: string }
  | { kind: 'gguf'; path: string };

export interface UnevenRows {
  /** Of all weights that quantizing changes, 0 to 1. */
  share: number;
  /** Length of such a row. */
  row: number;
}

/** Whether files are made of it, or finished ones measured: a quantized GGUF, and any of a repo, stands for the full model. */
export function makesFiles({ source, quantized }: Pick<Looks, 'source' | 'quantized'>): boolean {
  return source.kind === 'repo' || source.kind === 'folder' || (source.kind === 'gguf' && quantized === null);
}
