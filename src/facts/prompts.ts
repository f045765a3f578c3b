import { UserError } from '../errors.ts';
import type { Prompt, SampleSettings } from '../pipeline/pipeline.ts';
import { readPrompts } from '../pipeline/prompts-file.ts';

/** What shall be asked. Throws UserError for a file that is no longer what it was when the pipeline was read. */
export function promptsOf({ prompts }: SampleSettings): Prompt[] {
  if (Array.isArray(prompts)) return prompts;
  const read = readPrompts(prompts.path);
  if (!read.ok) throw new UserError(read.mistakes.map(({ message }) => message).join('\n'));
  return read.prompts;
}
