import { type Blame, inWords, type Trial } from '../../blame/blame.ts';
import { harmless } from '../../harmless.ts';
import type { GateVerdict } from '../../results/schema.ts';
import { table } from './table.ts';

/** What failed, what was tried, and who did it. */
export function blameInWords({ pipeline, run, against, failed, changed, trials, sentence }: Blame): string {
  const rows = table<Trial>(
    [
      { title: 'swapped', cell: ({ swapped }) => inWords(swapped) },
      { title: 'gates', cell: ({ state }) => state },
      { title: 'what they say', cell: ({ why, verdicts }) => why ?? verdicts.map(verdictInWords).join('; ') },
    ],
    trials,
  );
  const lines = [
    `${pipeline}, run ${run}, against the good build ${against}`,
    ...failed.map((gate) => `  failed: ${verdictInWords(gate)}`),
    '',
    changed.length === 0 ? '' : `The good build with one thing of the later one, ${inWords(changed)} in turn:`,
    ...(trials.length > 0 ? rows : []),
    '',
    sentence,
  ];
  return harmless(`${lines.join('\n')}\n`);
}

function verdictInWords({ quant, metric, text, evidence }: GateVerdict): string {
  return `${[quant, metric].filter(Boolean).join(' ')}${text === undefined ? '' : ` on ${text}`}: ${evidence}`;
}
