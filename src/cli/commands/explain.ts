import { lastRound } from '../../preview/auto-chunks.ts';
import { type Explanation, explain as explainTasks } from '../../preview/explain.ts';
import { statesOf } from '../../preview/states.ts';
import { namesResults, readResults } from '../../results/read.ts';
import type { Results } from '../../results/schema.ts';
import { type LookArguments, lookAtPipeline } from '../looking.ts';
import { tasksNamed } from '../tasks-named.ts';
import { enoughInWords, explanationInWords } from '../views/explain-words.ts';

export interface ExplainArguments extends LookArguments {
  task: string | undefined;
}

/** Why a task has to run, or what differs from the last time. Writes nothing. */
export function explain(args: ExplainArguments): Promise<number> {
  return lookAtPipeline(args, async ({ plan: first, again, facts, store, out }) => {
    const plan = lastRound(first, store, again);
    const tasks = args.task === undefined ? [] : firstOfRounds(tasksNamed('explain', [args.task], plan));
    const explanations = withoutOtherRounds(explainTasks(plan, facts, tasks, { store }));
    process.stdout.write(args.json ? `${JSON.stringify(explanations, null, 2)}\n` : inWords(explanations));
    const isMade = statesOf(plan, facts, store).every(({ state }) => state === 'made');
    if (!args.json && isMade) process.stdout.write(enoughInWords(plan, lastResults(out, plan.pipeline)));

    return 0;
  });
}

/** What holds of a benchmark's first round holds of the others. */
function firstOfRounds(ids: string[]): string[] {
  return ids.length === 1 ? ids : ids.filter((id) => !id.startsWith('bench:') || id.endsWith(':1'));
}

function withoutOtherRounds(explanations: Explanation[]): Explanation[] {
  const first = firstOfRounds(explanations.map(({ task }) => task));
  return explanations.filter(({ task }) => first.includes(task));
}

function lastResults(out: string, pipeline: string): Results | null {
  return namesResults(out, pipeline) ? readResults(out, pipeline) : null;
}

function inWords(explanations: Explanation[]): string {
  if (explanations.length === 0) return 'Everything is made, and nothing differs from the last run.\n';
  return explanations.map(explanationInWords).join('\n');
}
