import { Failure } from '../errors.ts';
import { capture } from '../spawn.ts';
import type { Binaries, QuantType } from '../tools/llama-cpp.ts';
import { crashSignal } from './crash.ts';
import { typesNeedingImatrix } from './needs-imatrix.ts';
import { parseQuantTypes } from './quant-types.ts';
import { parseVersion } from './version.ts';

/** What the binaries say of themselves. */
export interface Answers {
  version: string;
  types: QuantType[];
  /** Names of the types that are made only with an importance matrix. */
  needImatrix: string[];
  /** What `--list-devices` printed. */
  devices: string;
}

export async function probe(binaries: Binaries): Promise<Answers> {
  const version = parseVersion(await ask(binaries.bench, '--version')) ?? parseVersion(await ask(binaries.perplexity, '--version'));
  if (version === null) throw new Failure(`${binaries.bench} --version does not say its version`);
  const types = parseQuantTypes(await ask(binaries.quantize, '--help'));
  if (types.length === 0) throw new Failure(`${binaries.quantize} --help does not list the types it can make`);
  return {
    version,
    types,
    needImatrix: await typesNeedingImatrix(binaries.quantize, types),
    devices: await ask(binaries.bench, '--list-devices'),
  };
}

/** The text is what counts: llama-quantize --help exits 1. */
async function ask(file: string, question: string): Promise<string> {
  const answer = await capture(file, [question], { timeoutMs: 60_000 });
  const signal = crashSignal(answer);
  if (signal !== null)
    throw new Failure(`${file} crashed (${signal}) when asked for ${question}; it was built for another machine, or lacks a library`);
  if (answer.problem !== undefined) throw new Failure(`${file} does not start: ${answer.problem}`);
  return `${answer.stdout}\n${answer.stderr}`;
}
