import type { LlamaCpp } from '../tools/llama-cpp.ts';
import { readVendored } from './pin.ts';

/** What set-up would obtain, so that a plan can be made before it has: the pinned release's types, and nothing that runs. */
export function expectedTools(): LlamaCpp {
  const { pin, types } = readVendored();
  const notYet = `${pin.release}, not set up yet`;
  return {
    origin: 'cache',
    binaries: { quantize: '', imatrix: '', perplexity: '', bench: '', completion: '' },
    converter: { python: '', script: '', id: '', merger: '', description: notYet },
    version: pin.version,
    build: { id: '', kind: 'native', backend: 'CPU', description: notYet },
    types,
    needImatrix: null,
  };
}
