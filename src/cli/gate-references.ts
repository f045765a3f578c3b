import { join, resolve } from 'node:path';
import { messageOf, UserError } from '../errors.ts';
import type { Around } from '../gates/references.ts';
import type { GateReference } from '../pipeline/gate.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { PlanProblem } from '../plan/problems.ts';
import { tableNamed } from '../published/tables.ts';
import { readResults } from '../results/read.ts';

export type References = Pick<Around, 'named' | 'tables'>;

/** The runs and tables that gates name, or what is wrong with them: before hours of work that nobody could judge. @param out the out folder */
export function gateReferences(
  { name, gates: { own, fineTune } }: Pipeline,
  out: string,
): { references: References; problems: PlanProblem[] } {
  const references: References = { named: new Map(), tables: new Map() };
  const asked: { vs: GateReference; at: string }[] = [
    ...own.flatMap(({ limit, at }) => (limit.kind === 'change' ? [{ vs: limit.vs, at: `${at}/vs` }] : [])),
    ...(fineTune ? [{ vs: fineTune.baseline, at: `${fineTune.at}/baseline` }] : []),
  ];
  const problems = asked.flatMap(({ vs, at }): PlanProblem[] => {
    if (vs.is === 'run' && isNewest(vs.named, name, out)) return [{ at, ...againstItself }];
    try {
      return read(vs, at, out, references);
    } catch (thrown) {
      if (!(thrown instanceof UserError)) throw thrown;
      return [{ at, message: messageOf(thrown) }];
    }
  });
  return { references, problems };
}

const againstItself = {
  message: "this is the pipeline's own newest run, good or bad: run once more, a build would be held against itself",
  fix: 'write `lastGood`, `firstGood` or the id of a run',
};

function isNewest(named: string, pipeline: string, out: string): boolean {
  const folder = resolve(out, pipeline);
  return named === pipeline || [folder, join(folder, 'results.json')].includes(resolve(named));
}

function read(vs: GateReference, at: string, out: string, { named, tables }: References): PlanProblem[] {
  if (vs.is === 'run') named.set(vs.named, readResults(out, vs.named));
  if (vs.is !== 'table') return [];
  const found = tableNamed(vs.id);
  if (found.ok) tables.set(vs.id, found.table);
  return found.ok ? [] : found.diagnostics.map(({ message }) => ({ at, message: `${vs.id}: ${message}` }));
}
