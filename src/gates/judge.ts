import type { Gate, GateSettings } from '../pipeline/gate.ts';
import type { GateVerdict, ResultRow, Results } from '../results/schema.ts';
import { builtInVerdicts } from './built-in.ts';
import { fineTuneGates } from './fine-tune.ts';
import { judgeRow } from './judge-row.ts';
import { mustVerdicts } from './must.ts';
import type { Around } from './references.ts';

/**
 * What all gates say of results: those of the pipeline, those of its prompts, and the built-in ones, which are silent in a pipeline without
 * gates as long as they pass. Pure.
 */
export function judge(settings: GateSettings, results: Results, around: Around): GateVerdict[] {
  const judged = gatesOnRows(settings, results).map(({ gate, row }) => judgeRow(gate, row, results, around));
  const asked = [...judged, ...mustVerdicts(results)];
  const builtIn = builtInVerdicts(results, around);
  return asked.length > 0 ? [...asked, ...builtIn] : builtIn.filter(({ outcome }) => outcome !== 'pass');
}

/** Every gate with every row that it is on. */
export function gatesOnRows({ own, fineTune }: GateSettings, results: Results): { gate: Gate; row: ResultRow }[] {
  const gates = [...own, ...(fineTune ? fineTuneGates(fineTune, results.rows) : [])];
  return gates.flatMap((gate) => rowsOf(gate, results).map((row) => ({ gate, row })));
}

/** Everything that is shipped; where nothing is made, what was brought. Rows that were not asked for this time are not missed. */
function rowsOf({ rows }: Gate, results: Results): ResultRow[] {
  if (rows !== 'shipped') return rows.flatMap((name) => results.rows.find((row) => row.name.toLowerCase() === name.toLowerCase()) ?? []);
  const shipped = results.rows.filter(({ kind }) => kind === 'quant');
  return shipped.length > 0 ? shipped : results.rows.filter(({ kind }) => kind === 'compare');
}
