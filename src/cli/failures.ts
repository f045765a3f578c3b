import type { Results } from '../results/schema.ts';
import type { Outcome } from '../run/outcome.ts';
import type { RunResult } from '../run/run.ts';
import { shellLine } from '../run/shell.ts';

/** What failed, and everything needed to look into it. Empty when nothing did. @param out the `--out` flag, for the commands that are named */
export function failuresInWords({ id, outcomes }: RunResult, out?: string): string {
  const failed = [...outcomes].flatMap(([task, outcome]) => (outcome.state === 'failed' ? [inWords(id, task, outcome, out)] : []));
  return failed.join('\n');
}

/** Gates that do not pass, a line each, for who sees no report. */
export function gatesInWords({ gates = [] }: Results): string {
  const said = gates.flatMap(({ outcome, quant, evidence }) => {
    const word = outcome === 'fail' ? 'gate fails' : outcome === 'unjudged' ? 'gate cannot be judged' : null;
    return word === null ? [] : [`${word}: ${quant === null ? '' : `${quant}: `}${evidence}\n`];
  });
  return said.join('');
}

function inWords(run: string, task: string, outcome: Extract<Outcome, { state: 'failed' }>, out: string | undefined): string {
  const { message, ran, command, lastLines, log } = outcome;
  const show = shellLine(['qpipe', 'log', run, task, ...(out === undefined ? [] : ['--out', out])]);
  return [
    `error: ${task}: ${message}`,
    ...(ran === null ? [] : [`  ran: ${ran}`]),
    ...lastLines.map((line) => `  | ${line}`),
    ...(command === null ? [] : [`  command: ${command}`]),
    ...(log === null ? [] : [`  log: ${log}`, `  shown by: ${show}`]),
    '',
  ].join('\n');
}
