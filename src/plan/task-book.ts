import { InternalError } from '../errors.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import { canonicalJson } from './canonical.ts';
import type { Facts, FileFact } from './facts.ts';
import type { Inference, Op, Task } from './task.ts';

/** The tasks of a plan, each once, and what all of them are made from. */
export class TaskBook {
  readonly pipeline: Pipeline;
  readonly facts: Facts;
  /** Chunks of the first text where their number is left to qpipe. */
  readonly autoChunks: number;
  readonly #tasks = new Map<string, Task>();
  readonly #guards = new Map<string, string>();

  constructor(pipeline: Pipeline, facts: Facts, autoChunks: number) {
    this.pipeline = pipeline;
    this.facts = facts;
    this.autoChunks = autoChunks;
  }

  /** Producers come before their consumers. */
  tasks(): Task[] {
    return [...this.#tasks.values()];
  }

  has(task: string, role: string): boolean {
    return this.#tasks.get(task)?.inputs[role] !== undefined;
  }

  /** Whatever reads what a task makes waits until the check of it has ended well. To be said before anything else asks for the task's output. */
  guard(task: string, check: string): void {
    this.#guards.set(task, check);
  }

  /** The check that what a task makes waits for; null where there is none. */
  guardOf(task: string): string | null {
    return this.#guards.get(task) ?? null;
  }

  /** Returns the task's id. */
  add<O extends Op>(
    op: O,
    name: string | null,
    rest: Omit<Task<O>, 'id' | 'op' | 'exclusive' | 'gpu'> & Partial<Pick<Task<O>, 'exclusive' | 'gpu'>>,
  ): string {
    const id = name === null ? op : `${op}:${name}`;
    const task = { id, op, exclusive: false, gpu: false, ...rest, ...this.checksBefore(rest.inputs) } as Task;
    const known = this.#tasks.get(id);
    if (known && canonicalJson(known) !== canonicalJson(task)) throw new InternalError(`two different tasks are called ${id}`);
    this.#tasks.set(id, known ?? task);
    return id;
  }

  private checksBefore(inputs: Task['inputs']): Pick<Task, 'after'> {
    const sources = Object.values(inputs).flatMap((list) => list.map(({ source }) => source));
    const checks = sources.flatMap((source) => ('task' in source ? (this.guardOf(source.task) ?? []) : []));
    return checks.length > 0 ? { after: [...new Set(checks)] } : {};
  }

  /** Files of the Hub with the task that brings them. */
  brought(what: string, files: FileFact[]): FileFact[] {
    const origins = files.flatMap(({ hub, size }) => (hub ? [{ ...hub, size }] : []));
    const [first] = origins;
    if (!first) return files;
    const { type, repo, revision, commit } = first;
    const fetch = this.add('fetch', what, {
      params: { type, repo, revision, commit, files: origins.map(({ file, size, etag }) => ({ path: file, size, etag })) },
      inputs: {},
      outputs: [],
      identity: {},
    });
    return files.map((file) => (file.hub ? { ...file, fetch } : file));
  }

  inference(tool: 'imatrix' | 'perplexity'): Inference {
    return { gpuLayers: this.pipeline.tools.gpuLayers, args: this.pipeline.tools.args[tool] ?? [] };
  }

  usesGpu(): boolean {
    return this.facts.tools.build.backend !== 'CPU' && this.pipeline.tools.gpuLayers !== 0;
  }

  /** What makes a file: the same build on another processor makes the same. */
  build(): Record<string, string> {
    return { build: this.facts.tools.build.id, platform: this.facts.platform };
  }

  /** What computes with a model: how it rounds depends on the processor. */
  kernels(): Record<string, string> {
    return { ...this.build(), cpu: this.facts.machine.cpu };
  }
}
