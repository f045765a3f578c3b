import { type Blame, inWords } from '../../blame/blame.ts';
import { harmless } from '../../harmless.ts';
import type { GateVerdict } from '../../results/schema.ts';
import { fittedTable } from '../../text-table.ts';

/** What failed, what was tried, and who did it. @param width columns of the terminal */
export function blameInWords(
  { pipeline, run, against, failed, changed, trials, sentence }: Blame,
  width = Number.POSITIVE_INFINITY,
): string {
  const cells = trials.map(({ swapped, state, why, verdicts }) => [
    inWords(swapped),
    state,
    why ?? verdicts.map(verdictInWords).join('; '),
  ]);
  const { lines: rows } = fittedTable([['swapped', 'gates', 'what they say'], ...cells], ['left', 'left', 'left'], {
    width,
    dispensable: [],
    wrap: 2,
  });
  const lines = [
    `${pipeline}, run ${run}, against the good build ${against}`,
    ...failed.map((gate) => `  ${gate.outcome === 'fail' ? 'failed' : 'not judged'}: ${verdictInWords(gate)}`),
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
