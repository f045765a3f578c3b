import { join } from 'node:path';
import { Failure, UserError } from '../errors.ts';
import { readGguf } from '../gguf/header.ts';
import { readSafetensors } from '../gguf/safetensors.ts';
import { splitSiblings } from '../gguf/split.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import { readModelFolder } from './model-files.ts';

/** Looks at what the pipeline names before anything long is begun. Throws UserError for what is not what it should be. */
export function checkSources({ model, compare }: Pipeline): void {
  try {
    if (model.kind === 'folder') for (const name of readModelFolder(model.path).weights) readSafetensors(join(model.path, name));
    else splitSiblings(model.path).forEach(readGguf);
    for (const { path } of compare) splitSiblings(path).forEach(readGguf);
  } catch (thrown) {
    throw thrown instanceof Failure ? new UserError(thrown.message) : thrown;
  }
}
