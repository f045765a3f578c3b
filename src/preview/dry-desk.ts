import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Stopped } from '../errors.ts';
import { emptyImatrix } from '../gguf/empty-imatrix.ts';
import { readImatrix } from '../gguf/imatrix.ts';
import type { Op, Task } from '../plan/task.ts';
import type { ToolCall, Work } from '../run/operation.ts';
import { ToolFailure } from '../run/tool-failure.ts';
import { spawn } from '../spawn.ts';
import type { LlamaCpp } from '../tools/llama-cpp.ts';
import type { Place } from './place.ts';

/** A folder of its own outside the store, in which a task is only announced. */
export class DryDesk<O extends Op> implements Disposable, Pick<Work<O>, 'task' | 'folder' | 'threads' | 'tools' | 'call' | 'digest'> {
  readonly task: Task<O>;
  readonly folder = mkdtempSync(join(tmpdir(), 'qpipe-plan-'));
  readonly threads = 1;
  readonly tools: LlamaCpp;
  readonly #place: Place;
  #calls = 0;
  /** Also when a second Ctrl-C ends everything at once. */
  readonly #remove = () => rmSync(this.folder, { recursive: true, force: true });

  constructor(task: Task<O>, place: Place) {
    this.task = task;
    this.tools = place.facts.tools;
    this.#place = place;
    process.once('exit', this.#remove);
  }

  [Symbol.dispose](): void {
    process.off('exit', this.#remove);
    this.#remove();
  }

  /** Handed out without this desk, as an operation takes them. */
  readonly digest = () => null;

  readonly call = async (tool: ToolCall) => {
    const { signal } = this.#place;
    if (signal?.aborted) throw new Stopped();
    const [stdout, stderr] = ['stdout', 'stderr'].map((stream) => join(this.folder, `${stream}.${this.#calls}`)) as [string, string];
    this.#calls++;
    const { file, args, env = {} } = tool;
    const { code, signal: died, seconds } = await spawn({ file, args, env, cwd: this.folder, stdout, stderr, signal });
    if (signal?.aborted) throw new Stopped();
    const printed = { stdout: readFileSync(stdout, 'utf8'), stderr: readFileSync(stderr, 'utf8') };
    if (code !== 0) throw new ToolFailure(tool, { code, signal: died, ...printed });
    return { ...printed, seconds };
  };

  link(name: string, path: string): void {
    const link = join(this.folder, name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(path, link);
  }

  /** A GGUF of a header without data: the file is as long as it should be and takes no room. */
  writeHead(name: string, head: Buffer, bytes: number): void {
    const path = join(this.folder, name);
    writeFileSync(path, head);
    truncateSync(path, bytes);
  }

  /** The matrix where it is there, else one that says nothing: that there is one decides types. Null when the task takes none. */
  layOutImatrix() {
    const [input] = this.task.inputs['imatrix'] ?? [];
    if (!input) return null;
    const path = this.#place.path(input);
    if (path === null) writeFileSync(join(this.folder, input.name), emptyImatrix());
    else this.link(input.name, path);
    const { datasets, chunks } = path === null ? { datasets: ['calibration.txt'], chunks: 1 } : readImatrix(path);
    return { real: path !== null, file: input.name, dataset: datasets[0] ?? null, chunks };
  }
}
