import type { Plan } from '../plan/planned.ts';
import type { GateVerdict, Results } from '../results/schema.ts';
import { type InputClass, inputClasses } from '../trial/input-class.ts';
import { type Desk, tryPlan } from '../trial/trial.ts';
import { trimmed } from '../trial/trim.ts';
import { outline, type Pair, swapped } from './swap.ts';

/** A run with the plan that it carried out. */
export interface Build {
  plan: Plan;
  results: Results;
}

interface BlameDesk extends Desk {
  /** What the gates say of a plan's results. */
  judge: (results: Results, plan: Plan) => GateVerdict[] | Promise<GateVerdict[]>;
}

/** The good build with these of the bad one's inputs. */
interface Trial {
  swapped: InputClass[];
  /** Whether a gate that failed (or could not be judged) in the bad build does so here; `impossible` where it could not be tried. */
  state: 'fails' | 'passes' | 'impossible';
  /** Why it could not be tried. */
  why: string | null;
  /** Of the gates that failed in the bad build. */
  verdicts: GateVerdict[];
}

export interface Blame {
  pipeline: string;
  run: string;
  against: string;
  /** What failed in the bad build. */
  failed: GateVerdict[];
  /** What the two builds differ by. */
  changed: InputClass[];
  trials: Trial[];
  /** Each of them does it by itself; where none does, those that do it together. */
  named: InputClass[][];
  sentence: string;
}

/** Swaps one class of inputs after the other between two builds, and names the one by which the gates fail. */
export async function blame(good: Build, bad: Build, desk: BlameDesk): Promise<Blame> {
  const failed = failedGates(bad.results);
  const gates = new Map([...numbered(bad.results.gates ?? [])].filter(([, gate]) => failed.includes(gate)));
  const pair: Pair = { good: trimmed(good.plan, failed), bad: trimmed(bad.plan, failed) };
  const changed = changedClasses(pair);
  const judge = (classes: InputClass[]) => tryClasses(classes, pair, gates, desk);
  const trials: Trial[] = [];
  for (const one of changed) trials.push(await judge([one]));
  const alone = trials.filter(isFailing);
  if (alone.length === 0) for (const two of pairsOf(changed)) trials.push(await judge(two));
  const together = trials.filter(isFailing);
  if (together.length === 0 && changed.length > 2) trials.push(await judge(changed));
  const named = trials.filter(isFailing).map((trial) => trial.swapped);
  const about = { pipeline: bad.plan.pipeline, run: bad.results.run.id, against: good.results.run.id };
  return { ...about, failed, changed, trials, named, sentence: sentenceOf(named, changed, trials, failed) };
}

/** What the gates of a run said no to; where none did, what they could not judge. */
export function failedGates({ gates = [] }: Results): GateVerdict[] {
  const failed = gates.filter(({ outcome }) => outcome === 'fail');
  return failed.length > 0 ? failed : gates.filter(({ outcome }) => outcome === 'unjudged');
}

function isFailing({ state }: Trial): boolean {
  return state === 'fails';
}

function changedClasses(pair: Pair): InputClass[] {
  const same = outline(swapped(pair, new Set()));
  return inputClasses.filter((one) => outline(swapped(pair, new Set([one]))) !== same);
}

function pairsOf(classes: InputClass[]): [InputClass, InputClass][] {
  return classes.flatMap((one, i) => classes.slice(i + 1).map((other): [InputClass, InputClass] => [one, other]));
}

async function tryClasses(classes: InputClass[], pair: Pair, failed: ReadonlyMap<string, GateVerdict>, desk: BlameDesk): Promise<Trial> {
  desk.emit({ type: 'note', text: `the good build with the later ${inWords(classes)}` });
  const plan = swapped(pair, new Set(classes));
  const tried = await tryPlan(plan, 'blame', desk);
  if (!tried.done) return { swapped: classes, state: 'impossible', why: tried.why, verdicts: [] };
  const now = numbered(await desk.judge(tried.results, plan));
  const verdicts = [...failed.keys()].flatMap((gate) => now.get(gate) ?? []);
  const fails = [...failed].some(([gate, { outcome }]) => now.get(gate)?.outcome === outcome);
  return { swapped: classes, state: fails ? 'fails' : 'passes', why: null, verdicts };
}

/** By what they are on, and a number: two gates may be on one metric, one beside the last good build and one beside a pinned one. */
function numbered(gates: GateVerdict[]): Map<string, GateVerdict> {
  const named = new Map<string, GateVerdict>();
  for (const gate of gates) {
    const { metric, quant, text, prompt, builtIn } = gate;
    const on = JSON.stringify([metric, quant, text ?? null, prompt ?? null, builtIn ?? false]);
    const before = [...named.keys()].filter((key) => key.startsWith(`${on} `)).length;
    named.set(`${on} ${before}`, gate);
  }
  return named;
}

function sentenceOf(named: InputClass[][], changed: InputClass[], trials: Trial[], failed: GateVerdict[]): string {
  const happens = failed.some(({ outcome }) => outcome === 'fail') ? 'fails' : 'cannot be judged';
  const [first] = named;
  const impossible = trials.filter(({ state }) => state === 'impossible');
  const untried =
    impossible.length > 0 ? ` What could not be tried: ${impossible.map(({ swapped: classes }) => inWords(classes)).join(', ')}.` : '';
  if (changed.length === 0) return 'The two builds have the same inputs: what differs is chance or the machine.';
  if (!first)
    return `None could be named: ${changed.length === 1 ? 'the one thing that changed does' : 'the things that changed do'} not bring it about again.${untried}`;
  if (first.length > 1) {
    const wereTried = !impossible.some(({ swapped: [one], swapped: { length } }) => length === 1 && one && first.includes(one));
    return `${capital(inWords(first))} do it together${wereTried ? `, ${first.length === 2 ? 'neither' : 'none'} alone` : ''}.${untried}`;
  }
  if (named.length === 1) return `${capital(inWords(first))} did it: with nothing else changed the gate ${happens}.${untried}`;
  return `${capital(inWords(named.flat()))} do it, each by itself.${untried}`;
}

const words: Record<InputClass, string> = {
  weights: 'weights',
  tokenizer: 'tokenizer',
  texts: 'texts',
  tools: 'tools',
  settings: 'settings of the pipeline',
};

/** `weights and texts` */
export function inWords(classes: InputClass[]): string {
  return classes.map((one) => words[one]).join(' and ');
}

function capital(text: string): string {
  return `The ${text}`;
}
