import type { Results } from '../results/schema.ts';

type Conditions = Results['conditions'];
export type Evaluation = NonNullable<Conditions['evaluation']>;

/** What makes two qualities on a text incomparable, in words; empty where nothing does. */
export function evaluationProblems(a: Results, b: Results, on: [Evaluation | null | undefined, Evaluation | null | undefined]): string[] {
  const [first, second] = on;
  if (!first || !second) return ['the text was not evaluated in both runs'];
  return [...textProblems(first, second), ...baseProblems(a, b), ...toolProblems(a, b, 'perplexity')];
}

/** Another text, or another cut of it. */
export function textProblems(a: Evaluation, b: Evaluation): string[] {
  const text = (one: Evaluation) => `${one.text} (sha256 ${one.sha256.slice(0, 12)})`;
  return [
    ...(a.sha256 === b.sha256 ? [] : [differs('text', text(a), text(b))]),
    ...(a.rendering === b.rendering ? [] : [differs('rendering', a.rendering, b.rendering)]),
    ...(a.sha256 === b.sha256 && a.rendered !== b.rendered
      ? [differs('rendered text', a.rendered?.slice(0, 12), b.rendered?.slice(0, 12))]
      : []),
    ...(a.context === b.context ? [] : [differs('context', a.context, b.context)]),
    ...(a.chunks === b.chunks ? [] : [differs('chunks', a.chunks, b.chunks)]),
  ];
}

function baseProblems(a: Results, b: Results): string[] {
  const digests = [a, b].map(({ rows }) => rows.find(({ kind }) => kind === 'base')?.file?.sha256);
  const [first, second] = digests;
  if (a.conditions.base !== b.conditions.base) return [differs('base', a.conditions.base, b.conditions.base)];
  if (first === undefined || second === undefined || first === second) return [];
  return [differs('base', `${a.model} (sha256 ${first.slice(0, 12)})`, `${b.model} (sha256 ${second.slice(0, 12)})`)];
}

/** Another build or other settings of the tool that measures. */
export function toolProblems(a: Results, b: Results, tool: 'perplexity' | 'bench'): string[] {
  const build = ({ conditions }: Results) => `${conditions.build} (${conditions.buildId.slice(0, 12)})`;
  return [
    ...(a.conditions.buildId === b.conditions.buildId ? [] : [differs('build', build(a), build(b))]),
    ...toolSettingProblems(a, b, tool),
  ];
}

/** Other settings of the tool that measures, whatever its build. */
export function toolSettingProblems(a: Results, b: Results, tool: 'perplexity' | 'bench'): string[] {
  const args = ({ conditions }: Results) => (conditions.args[tool] ?? []).join(' ');
  return [
    ...(a.conditions.gpuLayers === b.conditions.gpuLayers ? [] : [differs('GPU layers', a.conditions.gpuLayers, b.conditions.gpuLayers)]),
    ...(args(a) === args(b) ? [] : [differs(`arguments of ${tool}`, args(a), args(b))]),
  ];
}

/** What makes two speeds incomparable. The number of rounds does not: more of them only make the interval smaller. */
export function speedProblems(a: Results, b: Results): string[] {
  const [first, second] = [a.conditions.bench, b.conditions.bench];
  if (!first || !second) return ['it was not measured in both runs'];
  return [...machineProblems(a, b), ...benchProblems(first, second), ...toolProblems(a, b, 'bench')];
}

/** Of load time and memory. */
export function loadProblems(a: Results, b: Results): string[] {
  return [...machineProblems(a, b), ...toolProblems(a, b, 'bench')];
}

export function machineProblems(a: Results, b: Results): string[] {
  const machine = ({ conditions }: Results) =>
    `${conditions.machine.cpu}, ${conditions.machine.os} (${conditions.machine.fingerprint.slice(0, 12)})`;
  return a.conditions.machine.fingerprint === b.conditions.machine.fingerprint ? [] : [differs('machine', machine(a), machine(b))];
}

/** Settings that may be more or fewer without changing what a number means. */
const harmless = ['rounds', 'depths', 'sustained', 'quants'];

export function benchProblems(a: NonNullable<Conditions['bench']>, b: NonNullable<Conditions['bench']>): string[] {
  const values = (one: object) => new Map<string, unknown>(Object.entries(one));
  const [first, second] = [values(a), values(b)];
  const names = [...new Set([...first.keys(), ...second.keys()])].filter((name) => !harmless.includes(name));
  return names
    .filter((name) => JSON.stringify(first.get(name)) !== JSON.stringify(second.get(name)))
    .map((name) => differs(name, first.get(name), second.get(name)));
}

/** `chunks differ: 64 and 128` */
export function differs(what: string, a: unknown, b: unknown): string {
  const word = (value: unknown) => (value === undefined || value === null || value === '' ? 'none' : String(value));
  return `${what}: ${word(a)} and ${word(b)}`;
}
