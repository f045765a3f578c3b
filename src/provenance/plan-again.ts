import type { HubOrigin } from '../plan/facts.ts';
import type { Plan } from '../plan/planned.ts';
import type { Input, Op, Task } from '../plan/task.ts';
import type { Digests } from '../store/digest.ts';
import type { Store } from '../store/store.ts';
import type { LlamaCpp } from '../tools/llama-cpp.ts';
import type { HowMade } from './how-made.ts';
import type { Leaf, Leaves } from './leaves.ts';
import type { ManifestStep } from './manifest.ts';

export interface Place {
  /** What is in it need not be made again, but for the file itself. */
  store: Store;
  digests: Digests;
  tools: LlamaCpp;
  platform: string;
  leaves: Leaves;
}

export interface PlannedAgain {
  plan: Plan;
  /** Id of the task that makes the file. */
  task: string;
  /** What cannot be had any more, in sentences. */
  missing: string[];
  /** What is another thing than it was, in sentences: the build, the converter, the platform. */
  changed: string[];
}

/** The steps behind a file as tasks: the last one always, others only where their bytes are not in the store. */
export async function planAgain(made: HowMade, place: Place): Promise<PlannedAgain> {
  const planner = new Planner(made, place);
  const task = made.steps.at(-1)?.task ?? '';
  await planner.add(task);
  const { missing, changed, tasks } = planner;
  return { plan: planOf([...planner.fetches(), ...tasks], task, made), task, missing, changed: [...new Set(changed)] };
}

class Planner {
  readonly tasks: Task[] = [];
  readonly missing: string[] = [];
  readonly changed: string[] = [];
  readonly #made: HowMade;
  readonly #place: Place;
  /** By repo and commit. */
  readonly #fetches = new Map<string, { id: string; origins: (HubOrigin & { size: number })[] }>();

  constructor(made: HowMade, place: Place) {
    this.#made = made;
    this.#place = place;
  }

  async add(id: string): Promise<void> {
    const step = this.#made.steps.find(({ task }) => task === id);
    if (!step || this.tasks.some((task) => task.id === id)) return;
    const inputs: [string, Input[]][] = [];
    for (const [role, list] of Object.entries(step.inputs)) {
      const found: Input[] = [];
      for (const input of list) found.push(await this.input(input));
      inputs.push([role, found]);
    }
    const { op, params, outputs } = step;
    this.tasks.push({
      id,
      op: op as Op,
      params: params as unknown as Task['params'],
      inputs: Object.fromEntries(inputs),
      outputs: outputs.map(({ name }) => name),
      identity: this.identityNow(step),
      exclusive: false,
      gpu: this.#place.tools.build.backend !== 'CPU',
    });
  }

  fetches(): Task[] {
    return [...this.#fetches.values()].flatMap(({ id, origins }): Task<'fetch'>[] => {
      const [first] = origins;
      if (!first) return [];
      const { type, repo, revision, commit } = first;
      const files = origins.map(({ file, size, etag }) => ({ path: file, size, etag }));
      const params = { type, repo, revision, commit, files };
      return [{ id, op: 'fetch', params, inputs: {}, outputs: [], identity: {}, exclusive: false, gpu: false }];
    });
  }

  private async input(input: ManifestStep['inputs'][string][number]): Promise<Input> {
    if ('sha256' in input) return { name: input.name, source: await this.leaf(input) };
    const { from, name } = input;
    const output = this.#made.steps.find(({ task }) => task === from.task)?.outputs.find((one) => one.name === from.output);
    const object = output && this.#place.store.objectPath(output.sha256);
    if (output && object && (await this.isThere(object, output.sha256))) return { name, source: { ...output, path: object } };
    await this.add(from.task);
    return { name, source: from };
  }

  private async leaf(leaf: Leaf): Promise<Input['source']> {
    const { name, sha256, size, hub } = leaf;
    const place = hub ? `${hub.repo}@${hub.commit}` : '';
    const fetch = this.#fetches.get(place) ?? { id: `fetch:${this.#fetches.size + 1}`, origins: [] };
    const found = await this.#place.leaves.find(leaf, fetch.id);
    if (found?.hub) this.#fetches.set(place, { ...fetch, origins: [...fetch.origins, { ...found.hub, size }] });
    if (found) return found;
    this.missing.push(
      hub
        ? `${hub.file} of ${hub.repo} at ${hub.commit} cannot be had: ${this.#place.leaves.whyNot(leaf) ?? 'it is not there any more'}`
        : `${this.nameOf(leaf)} (sha256 ${sha256}) is nowhere here, or was changed: put it back, or name the folder where it lies with --from`,
    );
    return { name, path: '', sha256, size, isMissing: true };
  }

  /** As people called it, not as the tool saw it. */
  private nameOf({ name, sha256 }: Leaf): string {
    return this.#made.sources.flatMap(({ files }) => files).find((file) => file.sha256 === sha256)?.name ?? name;
  }

  private async isThere(object: string, sha256: string): Promise<boolean> {
    try {
      return (await this.#place.digests.of(object)).sha256 === sha256;
    } catch {
      return false;
    }
  }

  /** Whoever makes it now stands in the key, not who made it then. */
  private identityNow({ identity }: ManifestStep): Record<string, string> {
    const { tools, platform } = this.#place;
    const { id: converter = '', merger = '' } = tools.converter ?? {};
    const now: Record<string, string> = { build: tools.build.id, converter, merger, platform };
    return Object.fromEntries(
      Object.entries(identity).map(([name, was]) => {
        const is = now[name];
        if (is === undefined || is === was) return [name, was];
        this.changed.push(`${inWords[name] ?? name} was ${was}, here it is ${is || 'not set up'}`);
        return [name, is];
      }),
    );
  }
}

const inWords: Record<string, string> = {
  build: 'the build of llama.cpp',
  converter: 'the converter',
  merger: 'what merges adapters',
  platform: 'the platform',
};

/** A plan that makes one file and measures nothing. */
function planOf(tasks: Task[], task: string, { output }: HowMade): Plan {
  return {
    pipeline: 'rebuild',
    model: '',
    tasks,
    rows: [],
    files: [{ name: output, source: { task, output } }],
    leftOut: [],
    notes: [],
    sources: [],
    sweep: null,
    // Of measurements, of which there are none.
    conditions: {} as Plan['conditions'],
    shape: null,
    recommend: [],
    asked: null,
    chunks: null,
    keep: 'all',
    partial: true,
  };
}
