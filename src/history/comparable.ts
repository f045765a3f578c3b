import { benchProblems, differs, machineProblems, textProblems, toolSettingProblems } from '../compare/conditions.ts';
import type { Needs } from '../gates/metric.ts';
import type { Results } from '../results/schema.ts';

/**
 * Why values of two nights do not belong onto one line; empty where they do. Another build of llama.cpp is no reason: what it does to
 * the values is what a trend is looked at for, and it is marked. @param needs what was measured @param text name of a further text; null for the first one
 */
export function whyNotComparable(needs: Needs, text: string | null, a: Results, b: Results): string[] {
  switch (needs) {
    case 'file':
      return [];
    case 'evaluate':
    case 'arithmetic':
      return [...ofText(text, a, b), ...tokenizerProblems(a, b), ...toolSettingProblems(a, b, 'perplexity')];
    case 'choices':
      return [...questionProblems(a, b), ...toolSettingProblems(a, b, 'perplexity')];
    case 'bench':
      return [...machineProblems(a, b), ...ofBench(a, b), ...toolSettingProblems(a, b, 'bench')];
    case 'load':
      return [...machineProblems(a, b), ...toolSettingProblems(a, b, 'bench')];
  }
}

function ofText(text: string | null, a: Results, b: Results): string[] {
  const evaluation = ({ conditions }: Results) =>
    text === null ? conditions.evaluation : conditions.slices?.find(({ name }) => name === text);
  const [first, second] = [evaluation(a), evaluation(b)];
  return first && second ? textProblems(first, second) : ['the text was not evaluated in both runs'];
}

/** As far as it was recorded. */
export function haveSameTokenizer(a: Results, b: Results): boolean {
  return tokenizerProblems(a, b).length === 0;
}

/** Where it was recorded: a mean over tokens is one over other tokens otherwise. */
function tokenizerProblems(a: Results, b: Results): string[] {
  const tokenizer = ({ baseHeldOut, rows }: Results) =>
    baseHeldOut?.tokenizer ?? rows.map(({ heldOut }) => heldOut?.tokenizer).find((digest) => typeof digest === 'string');
  const [first, second] = [tokenizer(a), tokenizer(b)];
  return first && second && first !== second ? [differs('tokenizer', first.slice(0, 12), second.slice(0, 12))] : [];
}

function ofBench(a: Results, b: Results): string[] {
  const [first, second] = [a.conditions.bench, b.conditions.bench];
  return first && second ? benchProblems(first, second) : ['it was not measured in both runs'];
}

/** Questions are drawn from their file always alike. */
function questionProblems(a: Results, b: Results): string[] {
  const asked = ({ rows }: Results) => {
    const all = rows.flatMap(({ choices = [] }) =>
      choices.map(({ task, sha256, questions }) => `${task} ${sha256.slice(0, 12)}, ${questions} questions`),
    );
    return [...new Set(all)].join('; ');
  };
  return asked(a) === asked(b) ? [] : [differs('questions', asked(a), asked(b))];
}
