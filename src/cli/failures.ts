import type { Outcome } from '../run/outcome.ts';
import type { RunResult } from '../run/run.ts';

/** What failed, and everything needed to look into it. Empty when nothing did. */
export function failuresInWords({ outcomes }: RunResult): string {
  const failed = [...outcomes].flatMap(([task, outcome]) => (outcome.state === 'failed' ? [inWords(task, outcome)] : []));
  return failed.join('\n');
}

function inWords(task: string, outcome: Extract<Outcome, { state: 'failed' }>): string {
  const repeat = outcome.command === null ? [] : [`  command: ${outcome.command}`];
  return [
    `error: ${task}: ${outcome.message}`,
    ...repeat,
    ...outcome.lastLines.map((line) => `  | ${line}`),
    `  log: ${outcome.log}`,
    '',
  ].join('\n');
}
