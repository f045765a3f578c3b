import { basename } from 'node:path';
import { harmless } from '../../harmless.ts';
import type { Rebuilt } from '../../provenance/rebuild.ts';

/** A sentence, and below it what was done again and what differs. */
export function rebuiltInWords({ file, run, verdict, steps, changed, differences, kept }: Rebuilt): string {
  const name = basename(file);
  const heads: Record<Rebuilt['verdict'], string> = {
    identical: `${name} was made again, identical: run ${run} had the same inputs and made the same bytes`,
    differs: `${name} was made again and DIFFERS from the file that is there`,
    impossible: `${name} cannot be made again`,
  };
  const lines = [
    heads[verdict],
    ...steps.map(({ task, same }) => `  ${task}: ${same ? 'as it was' : 'came out otherwise'}`),
    ...changed.map((what) => `  ${what}`),
    ...differences.map((what) => `  ${verdict === 'differs' ? 'differs: ' : ''}${what}`),
    ...(kept === null ? [] : [`  the file made again: ${kept}`]),
  ];
  return harmless(`${lines.join('\n')}\n`);
}
