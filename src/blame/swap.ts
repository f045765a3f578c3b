import { canonicalJson, digestOf } from '../plan/canonical.ts';
import type { Plan } from '../plan/planned.ts';
import type { Input, Task } from '../plan/task.ts';
import { classOf, type InputClass } from '../trial/input-class.ts';
import { neededFor } from '../trial/needed.ts';
import { withOwnFetches } from '../trial/own-fetches.ts';

/** Plans of two builds of one pipeline. */
export interface Pair {
  good: Plan;
  bad: Plan;
}

/** The good build's plan with some classes of inputs taken from the bad one. */
export function swapped({ good, bad }: Pair, classes: ReadonlySet<InputClass>): Plan {
  const later = withOwnFetches(bad);
  const settings = classes.has('settings') ? later : good;
  const swap = new Swap(good, later, classes);
  const texts = classes.has('texts') ? later : good;
  // What a matrix was made from is said with the row, in words.
  const rows = settings.rows.map((row) => ({
    ...row,
    imatrix: row.imatrix && (texts.rows.find(({ name }) => name === row.name)?.imatrix ?? row.imatrix),
  }));
  const plan = { ...settings, rows, conditions: conditionsOf({ good, bad: later }, classes) };
  return { ...plan, tasks: neededFor(plan.rows, (id) => swap.task(id)) };
}

/** What of a plan decides its results: equal for two plans that make and measure the same. */
export function outline({ tasks, rows }: Plan): string {
  const withoutPlaces = tasks
    .filter(({ op }) => op !== 'fetch')
    .map((task) => ({
      ...task,
      inputs: Object.values(task.inputs).map((list) => list.map(({ name, source }) => [name, keyPartOf(source)])),
    }));
  return canonicalJson([withoutPlaces, rows.map(({ imatrix: _words, ...row }) => row)]);
}

function keyPartOf(source: Input['source']): unknown {
  return 'task' in source ? source : source.sha256;
}

class Swap {
  readonly #good: Map<string, Task>;
  readonly #bad: Map<string, Task>;
  readonly #classes: ReadonlySet<InputClass>;
  /** Of the digest that stands for both in a quant's parameters. */
  readonly #changedSources: InputClass[];

  constructor(good: Plan, bad: Plan, classes: ReadonlySet<InputClass>) {
    this.#good = new Map(good.tasks.map((task) => [task.id, task]));
    this.#bad = new Map(bad.tasks.map((task) => [task.id, task]));
    this.#classes = classes;
    this.#changedSources = (['weights', 'tokenizer'] as const).filter((one) => leavesOf(good, one) !== leavesOf(bad, one));
  }

  task(id: string): Task | undefined {
    const [good, bad] = [this.#good.get(id), this.#bad.get(id)];
    if (!good || !bad || good.op !== bad.op) return this.#classes.has('settings') ? (bad ?? good) : (good ?? bad);
    const own = this.side('settings', good, bad);
    return { ...own, params: this.params(good, bad), inputs: this.inputs(good, bad), identity: this.identity(good, bad) } as Task;
  }

  private side<T>(of: InputClass, good: T, bad: T): T {
    return this.#classes.has(of) ? bad : good;
  }

  private params(good: Task, bad: Task): unknown {
    if (good.op === 'merge' || good.op === 'probe') return this.side('weights', good, bad).params;
    const params = this.side('settings', good, bad).params as Record<string, unknown>;
    if (good.op !== 'quantize') return params;
    const [before, after] = [good.params as Record<string, unknown>, bad.params as Record<string, unknown>];
    const { source: _source, adapter: _adapter, ...rest } = params;
    return { ...rest, ...this.source(before, after) };
  }

  /** One digest stands for weights and tokenizer together; where only one of two is swapped, for neither build's. */
  private source(before: Record<string, unknown>, after: Record<string, unknown>): Record<string, unknown> {
    const taken = this.#changedSources.filter((one) => this.#classes.has(one));
    const of = ({ source, adapter }: Record<string, unknown>) => ({ source, ...(adapter === undefined ? {} : { adapter }) });
    if (taken.length === 0) return of(before);
    if (taken.length === this.#changedSources.length) return of(after);
    return { source: digestOf('qpipe.swapped.v1', [before, after, taken]) };
  }

  private inputs(good: Task, bad: Task): Task['inputs'] {
    const roles = [...new Set([...Object.keys(good.inputs), ...Object.keys(bad.inputs)])];
    const mixed = roles.map((role) => [role, this.mix(role, good.inputs[role] ?? [], bad.inputs[role] ?? [])] as const);
    return Object.fromEntries(mixed.filter(([, list]) => list.length > 0));
  }

  private mix(role: string, good: Input[], bad: Input[]): Input[] {
    const names = [...new Set([...good, ...bad].map(({ name }) => name))];
    return names.flatMap((name) => {
      const [before, after] = [good, bad].map((list) => list.find((input) => input.name === name));
      const of = this.classOf(role, [before, after]);
      return this.side(of, before, after) ?? [];
    });
  }

  private classOf(role: string, inputs: (Input | undefined)[]): InputClass {
    const sources = inputs.flatMap((input) => (input ? [input.source] : []));
    const [leaf] = sources.flatMap((source) => ('path' in source ? [source] : []));
    // Made in one build and brought in the other: a merge that is new, or a text that is rendered.
    if (leaf) return classOf(role, leaf);
    return sources.length === 2 || role === 'source' || role === 'model' ? 'weights' : 'settings';
  }

  /** On the machine of the later build, which is this one: what it measured elsewhere cannot be measured again here. */
  private identity(good: Task, bad: Task): Task['identity'] {
    const ofMachine = Object.entries(bad.identity).filter(([name]) => ['cpu', 'machine', 'platform'].includes(name));
    return { ...this.side('tools', good, bad).identity, ...Object.fromEntries(ofMachine) };
  }
}

function leavesOf({ tasks }: Plan, of: InputClass): string {
  const leaves = tasks.flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([role, list]) =>
      list.flatMap(({ source }) => ('path' in source && classOf(role, source) === of ? [`${source.name} ${source.sha256}`] : [])),
    ),
  );
  // What an adapter's config says stands in the merge's parameters alone.
  const merges = tasks.flatMap(({ op, params }) => (op === 'merge' && of === 'weights' ? canonicalJson(params) : []));
  return [...new Set([...leaves, ...merges])].sort().join('\n');
}

/** What numbers are compared under says where each of them comes from. */
function conditionsOf({ good, bad }: Pair, classes: ReadonlySet<InputClass>): Plan['conditions'] {
  const side = (of: InputClass) => (classes.has(of) ? bad : good).conditions;
  const { build, buildId, version, origin, converter } = side('tools');
  const { imatrix, evaluation, slices } = side('texts');
  const { machine, platform } = bad.conditions;
  return {
    ...side('settings'),
    build,
    buildId,
    version,
    origin,
    converter,
    imatrix,
    evaluation,
    ...(slices ? { slices } : {}),
    machine,
    platform,
  };
}
