import { type Diagnostic, formatDiagnostics } from '../pipeline/diagnostic.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { PlanProblem } from '../plan/problems.ts';

/** Prints every diagnostic of a pipeline file; the user's mistake. Returns its exit code. */
export function tellDiagnostics(diagnostics: Diagnostic[]): number {
  process.stderr.write(`${formatDiagnostics(diagnostics)}\n`);
  return 2;
}

/** The same for what the facts contradict, at the place in the file that says it. */
export function tellProblems(pipeline: Pipeline, problems: PlanProblem[]): number {
  return tellDiagnostics(diagnosticsOf(pipeline, problems));
}

export function diagnosticsOf(pipeline: Pipeline, problems: PlanProblem[]): Diagnostic[] {
  return problems.map(({ at, message, fix }) => ({
    severity: 'error',
    message,
    ...(fix === undefined ? {} : { fix }),
    place: placeOf(pipeline, at),
  }));
}

/** The nearest place that was written: a default has none of its own. */
function placeOf({ places }: Pipeline, at: string) {
  for (let pointer = at; pointer !== ''; pointer = pointer.slice(0, pointer.lastIndexOf('/'))) {
    const place = places[pointer];
    if (place) return place;
  }
  return places[''] ?? null;
}
