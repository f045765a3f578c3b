import { announcedChunks } from '../../tools/chunks.ts';

interface Wanted {
  /** Which text, and the key of the pipeline that sets its chunks. */
  text: 'calibration' | 'evaluation';
  context: number;
  chunks: number | 'all';
}

/** Ends a run over a text that does not have the chunks that were asked for, when the tool says how many there are: not an hour later. */
export function refuseTooFewChunks(wanted: Wanted): (line: string) => string | undefined {
  return (line) => tooFewChunks(announcedChunks(line), wanted);
}

/** @param has Chunks that the text fills, up to the number asked for; undefined while it is not known. */
export function tooFewChunks(has: number | undefined, { text, context, chunks }: Wanted): string | undefined {
  if (has === undefined || chunks === 'all' || has >= chunks) return undefined;
  const key = text === 'calibration' ? 'imatrix' : 'evaluate';
  return `the ${text} text fills ${has} chunks of ${context} tokens, not ${chunks}: say \`chunks: ${has}\` or \`all\` under ${key}, or give a longer text`;
}
