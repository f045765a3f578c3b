import type { MeasuredOtherwise } from '../gates/measured-otherwise.ts';
import type { MeasuredAgain } from '../gates/references.ts';
import type { Plan } from '../plan/planned.ts';
import { measureAgain } from '../trial/measure-again.ts';
import type { Desk } from '../trial/trial.ts';

/** Good builds that were measured otherwise than a later one, measured as that one was, by the ids of their runs. */
export async function measureAllAgain(wanted: MeasuredOtherwise[], later: Plan, desk: Desk): Promise<Map<string, MeasuredAgain>> {
  const found = new Map<string, MeasuredAgain>();
  for (const one of wanted) {
    const { id } = one.results.run;
    desk.emit({ type: 'note', text: `good build ${id} is measured again, to compare with the later one (${one.problems.join('; ')})` });
    found.set(id, await measureAgain(one, later, desk));
  }
  return found;
}
