import type { Surroundings } from '../../../src/init/choice.ts';
import type { Looks } from '../../../src/init/looks.ts';
import { offeredTexts } from '../../../src/init/texts.ts';
import { expectedTools } from '../../../src/setup/expected-tools.ts';

const gigabyte = 1e9;
const gibibyte = 2 ** 30;

/** A chat model of the Hub in BF16, of so many weights. */
export function model(weights: number, more: Partial<Looks> = {}): Looks {
  return {
    source: { kind: 'repo', repo: 'owner/Model', revision: null, commit: 'c'.repeat(40) },
    architecture: 'LlamaForCausalLM',
    weights,
    activeWeights: weights,
    type: 'BF16',
    quantized: null,
    experts: false,
    vocabulary: 128_256,
    context: 32_768,
    hasChatTemplate: true,
    licence: 'apache-2.0',
    companions: [],
    trust: [],
    fullBytes: 2 * weights + 5e6,
    bytesToFetch: 2 * weights,
    unevenRows: null,
    finished: [],
    ...more,
  };
}

/** The Q8_0 of a repo of GGUFs. */
export function finishedModel(finished: Looks['finished'], more: Partial<Looks> = {}): Looks {
  const source = { kind: 'repo-gguf', repo: 'owner/Model-GGUF', revision: null, commit: 'c'.repeat(40), file: 'Q8_0' } as const;
  return model(7e9, { source, type: 'Q8_0', quantized: 'Q8_0', fullBytes: 7.5e9, bytesToFetch: 7.5e9, finished, ...more });
}

interface Machine {
  cores?: number;
  memoryGiB?: number;
  diskGB?: number;
  /** Of the file system with the Hub's cache; the same one unless said. */
  cacheGB?: number | null;
  online?: boolean;
}

/** A workstation, unless said otherwise. */
export function machine({ cores = 16, memoryGiB = 64, diskGB = 1000, cacheGB = null, online = true }: Machine = {}): Surroundings {
  return {
    cores,
    memoryBytes: memoryGiB * gibibyte,
    disk: { freeBytes: diskGB * gigabyte, cacheFreeBytes: cacheGB === null ? null : cacheGB * gigabyte },
    types: expectedTools().types,
    texts: offeredTexts({ online }),
  };
}
