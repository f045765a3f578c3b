import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure, messageOf, Stopped } from '../errors.ts';
import { emptyImatrix } from '../gguf/empty-imatrix.ts';
import { dataBytes } from '../gguf/write.ts';
import { spawn } from '../spawn.ts';
import type { LlamaCpp } from '../tools/llama-cpp.ts';
import { failure, type Quantization, quantizeArgs, readDryRun } from '../tools/quantize.ts';
import { shapeHead } from './shape-head.ts';
import type { ModelShape } from './shapes.ts';

export interface DryRunWish {
  type: string;
  imatrix: boolean;
  pure: boolean;
  leaveOutput: boolean;
}

/** A GGUF of a shape with nothing behind its header: the file is as long as it should be and takes no room. It is gone when disposed of. */
export class ShapeFile implements Disposable {
  /** Of the model, all tensors counted. */
  readonly weights: number;
  readonly #folder = mkdtempSync(join(tmpdir(), 'qpipe-repro-'));
  readonly #tools: LlamaCpp;
  readonly #signal: AbortSignal;
  readonly #asked = new Map<string, Promise<Quantization>>();
  /** Also when a second Ctrl-C ends everything at once. */
  readonly #remove = () => rmSync(this.#folder, { recursive: true, force: true });

  /** Throws Failure where no file can be as long. */
  constructor(shape: ModelShape, tools: LlamaCpp, signal: AbortSignal) {
    this.#tools = tools;
    this.#signal = signal;
    process.once('exit', this.#remove);
    const { head, tensors, weights } = shapeHead(shape);
    this.weights = weights;
    const file = join(this.#folder, 'model.gguf');
    const bytes = head.length + dataBytes(tensors);
    try {
      writeFileSync(file, head);
      truncateSync(file, bytes);
      writeFileSync(join(this.#folder, 'imatrix.gguf'), emptyImatrix());
    } catch (thrown) {
      this[Symbol.dispose]();
      throw new Failure(
        `a file of ${bytes} bytes, all of them empty, cannot be in ${tmpdir()}: ${messageOf(thrown)}; TMPDIR names another place`,
      );
    }
  }

  [Symbol.dispose](): void {
    process.off('exit', this.#remove);
    this.#remove();
  }

  /** What llama-quantize would make of it. Each question is asked once. */
  dryRun(wish: DryRunWish): Promise<Quantization> {
    const key = JSON.stringify(wish);
    const known = this.#asked.get(key) ?? this.#ask(wish, this.#asked.size);
    this.#asked.set(key, known);
    return known;
  }

  async #ask({ type, imatrix, pure, leaveOutput }: DryRunWish, call: number): Promise<Quantization> {
    const args = quantizeArgs({
      input: 'model.gguf',
      output: null,
      type,
      threads: 1,
      imatrix: imatrix ? 'imatrix.gguf' : null,
      pure,
      leaveOutput,
      requantize: false,
      overrideKv: [],
      tensorTypeFile: null,
      extra: [],
    });
    const [stdout, stderr] = ['stdout', 'stderr'].map((stream) => join(this.#folder, `${stream}.${call}`)) as [string, string];
    const { code, signal } = await spawn({
      file: this.#tools.binaries.quantize,
      args,
      cwd: this.#folder,
      stdout,
      stderr,
      signal: this.#signal,
    });
    if (this.#signal.aborted) throw new Stopped();
    const printed = [readFileSync(stdout, 'utf8'), readFileSync(stderr, 'utf8')] as const;
    if (code === 0) return readDryRun(...printed);
    throw new Failure(
      `llama-quantize cannot tell what ${type} would be: ${failure(...printed) ?? `it ended with ${signal ?? `exit code ${code}`}`}`,
    );
  }
}
