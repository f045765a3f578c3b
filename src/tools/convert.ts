import { convertFailures } from './failures/convert.ts';
import { explain } from './failures/explain.ts';
import type { Progress } from './tool.ts';

export interface ConvertArguments {
  /** Path of convert_hf_to_gguf.py. */
  script: string;
  /** Folder with the weights; the converter takes the model's names from its name, so it is named after the model. */
  source: string;
  output: string;
  type: 'f16' | 'bf16' | 'f32';
  modelName: string;
  part: Part | null;
}

/** What is taken of a model: what sees and hears, the layers for further tokens with what they share, or all but these layers. */
type Part = 'mmproj' | 'mtp' | 'trunk';

const partFlags: Record<Part, string> = { mmproj: '--mmproj', mtp: '--mtp', trunk: '--no-nextn' };

/** Arguments after the interpreter. */
export function convertArgs({ script, source, output, type, modelName, part }: ConvertArguments): string[] {
  return [script, source, '--outfile', output, '--outtype', type, '--model-name', modelName, ...(part ? [partFlags[part]] : [])];
}

/** tqdm: `Writing:  42%|████      | 5.7M/13.6M [00:01<00:02, 3.4Mbyte/s]`. */
export function progress(line: string): Progress | null {
  const match = /^Writing:\s+(\d+)%\|/.exec(line);
  return match ? { done: Number(match[1]), total: 100, unit: '%' } : null;
}

/** The known reasons, else the last line of the traceback, which is the message. */
export function failure(stdout: string, stderr: string): string | undefined {
  return explain(convertFailures, stderr, stdout) ?? lastError(stderr);
}

/** Of a projector the same words mean that the text alone can be converted. */
export function projectorFailure(stdout: string, stderr: string): string | undefined {
  const architecture = /Model (\S+) is not supported/.exec(stderr)?.[1];
  return architecture
    ? `this llama.cpp converts nothing that ${architecture} sees or hears with: leave \`mmproj\` out of companions`
    : failure(stdout, stderr);
}

/** A traceback may hold several, each raised while the one before was handled. */
function lastError(stderr: string): string | undefined {
  return [...stderr.matchAll(/^(?:\w+\.)*(\w*(?:Error|Exception)(?:: .+)?)$/gm)].at(-1)?.[1];
}
