import { styleText } from 'node:util';
import type { GateVerdict, Results } from '../results/schema.ts';
import { fittedTable } from '../text-table.ts';

const outcomes = ['fail', 'unjudged', 'warn', 'pass'] as const;

const words: Record<GateVerdict['outcome'], string> = { fail: 'FAIL', unjudged: 'NOT JUDGED', warn: 'WARN', pass: 'pass' };

/** Verdicts for people, the worst first: what is built in and passes is only counted. */
interface GateTable {
  /** `Gates: 1 fails, 2 warn, 9 pass.` */
  headline: string;
  /** The titles first. */
  lines: string[][];
  worst: GateVerdict['outcome'];
}

/** Null for results without any gate. */
export function gateTable({ gates = [] }: Results): GateTable | null {
  const worst = outcomes.find((outcome) => gates.some((gate) => gate.outcome === outcome));
  if (worst === undefined) return null;
  const shown = outcomes.flatMap((outcome) => gates.filter((gate) => gate.outcome === outcome && !(outcome === 'pass' && gate.builtIn)));
  return {
    headline: `Gates: ${outcomes.flatMap((outcome) => counted(outcome, gates)).join(', ')}.`,
    lines: [
      ['verdict', 'gate', 'row', 'evidence'],
      ...shown.map((gate) => [words[gate.outcome], nameOf(gate), gate.quant ?? '', gate.evidence]),
    ],
    worst,
  };
}

const verbs: Record<GateVerdict['outcome'], [string, string]> = {
  fail: ['fails', 'fail'],
  unjudged: ['cannot be judged', 'cannot be judged'],
  warn: ['warns', 'warn'],
  pass: ['passes', 'pass'],
};

function counted(outcome: GateVerdict['outcome'], gates: GateVerdict[]): string[] {
  const own = gates.filter((gate) => gate.outcome === outcome);
  const builtIn = own.filter((gate) => gate.builtIn).length;
  const [one, many] = verbs[outcome];
  if (own.length === 0) return [];
  return [`${own.length} ${own.length === 1 ? one : many}${builtIn > 0 ? ` (${builtIn} built in)` : ''}`];
}

/** `loss`, `kld@code`, `must "capital"`. */
function nameOf({ metric, text, prompt }: GateVerdict): string {
  return `${metric}${text === undefined ? '' : `@${text}`}${prompt === undefined ? '' : ` "${prompt}"`}`;
}

/** For a terminal. @param width columns of it */
export function gateLines(results: Results, width: number): string[] {
  const table = gateTable(results);
  if (!table) return [];
  const [titles = [], ...verdicts] = table.lines;
  const isLong = verdicts.length > mostLines;
  const shown = isLong ? verdicts.filter(([word]) => word !== words.pass) : verdicts;
  const fitted = fittedTable([titles, ...shown], ['left', 'left', 'left', 'left'], { width, dispensable: [], wrap: 3 });
  return [
    tone(table.worst, table.headline),
    '',
    ...(shown.length > 0 ? [...fitted.lines, ''] : []),
    ...(isLong ? [`${verdicts.length - shown.length} that pass are not shown (qpipe report --format md has all)`, ''] : []),
  ];
}

/** A screenful: of more verdicts only those that somebody has to look at. */
const mostLines = 40;

function tone(worst: GateVerdict['outcome'], text: string): string {
  return worst === 'fail'
    ? styleText(['bold', 'red'], text)
    : worst === 'pass'
      ? styleText('bold', text)
      : styleText(['bold', 'yellow'], text);
}
