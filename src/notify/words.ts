import { duration } from '../report/format.ts';
import type { Summary } from './summary.ts';

const verdicts: Record<Summary['verdict'], string> = {
  pass: 'passed',
  warn: 'passed with warnings',
  fail: 'FAILED its gates',
  unjudged: 'could not be judged',
  incomplete: 'failed in part',
  done: 'done',
  'not-run': 'did not run',
};

/** Lines that people are told of: a chat shows no more than a screen. */
const most = 10;

/** A summary in lines, the verdict first. */
export function summaryInWords(summary: Summary): string[] {
  const { pipeline, verdict, run, seconds, gates, failures, changed, problem, published, report } = summary;
  const time = seconds === null ? '' : `, ${duration(seconds)}`;
  return [
    `${pipeline} ${verdicts[verdict]}${run === null ? '' : ` (run ${run}${time})`}`,
    ...(problem === null ? [] : [problem]),
    ...first(gates.map(({ metric, quant, outcome, evidence }) => `${outcome}: ${quant === null ? '' : `${quant} `}${metric}: ${evidence}`)),
    ...first(failures.map(({ task, message }) => `failed: ${task}: ${message}`)),
    ...(changed.length > 0 ? [`changed: ${changed.join('; ')}`] : []),
    ...published.map((address) => `published: ${address}`),
    ...(report === null ? [] : [`report: ${report}`]),
  ];
}

function first(lines: string[]): string[] {
  return lines.length <= most ? lines : [...lines.slice(0, most), `and ${lines.length - most} more`];
}
