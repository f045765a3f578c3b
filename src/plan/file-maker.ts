import type { ResolvedQuant } from '../pipeline/quants.ts';
import { baseType, canonicalType, convertedType } from './base.ts';
import { isLicence } from './licence.ts';
import { textInput } from './measure/text.ts';
import { mergedSource, tokenizerProbe } from './merge.ts';
import { modelInputs } from './model-inputs.ts';
import type { KeptFile } from './planned.ts';
import type { Input, ModelPart, Task } from './task.ts';
import type { TaskBook } from './task-book.ts';

/** Asks for the tasks that make a model's files. */
export class FileMaker {
  readonly modelName: string;
  /** Output of convert, or null for a model that is a GGUF already. */
  readonly converted: { task: string; output: string } | null;
  readonly convertedType: string;
  /** What is converted beside the model, each into a file by the name that llama.cpp looks for. */
  readonly companions: KeptFile[];
  /** What every number is measured against. */
  readonly base: Input[];
  readonly baseType: string;
  readonly #book: TaskBook;
  readonly #model: Input[];

  constructor(book: TaskBook) {
    this.#book = book;
    const { pipeline, facts } = book;
    this.modelName = facts.model.name;
    const type = convertedType(pipeline);
    // First, as they are small: a model that has no such part is noticed before the work of hours.
    this.companions = pipeline.model.companions.map((companion) => ({
      name: `${companion}-${this.modelName}-${type.toUpperCase()}.gguf`,
      companion,
      source: this.convert(type, companion),
    }));
    const part = pipeline.model.companions.includes('mtp') ? 'trunk' : null;
    this.converted = pipeline.model.kind === 'folder' ? this.convert(type, part) : null;
    if (this.converted && facts.model.adapter) book.guard(this.converted.task, tokenizerProbe(book, facts.model.adapter, this.converted));
    this.convertedType = this.converted ? type.toUpperCase() : facts.model.weights;
    this.#model = this.converted ? [{ name: 'model.gguf', source: this.converted }] : modelInputs(book.brought('model', facts.model.files));
    this.base = pipeline.base === 'auto' ? this.#model : this.plainQuant(pipeline.base);
    this.baseType = baseType(pipeline, facts);
  }

  /** Whether the base is a GGUF from outside. */
  get isBaseGiven(): boolean {
    return !this.converted && this.base === this.#model;
  }

  quantize(quant: ResolvedQuant): string {
    const imatrix = quant.imatrix ? this.imatrix() : null;
    return this.#book.add('quantize', quant.name, {
      params: this.quantizeParams(quant),
      inputs: { model: this.#model, ...(imatrix ? { imatrix: [imatrix] } : {}) },
      outputs: ['quant.gguf'],
      identity: this.#book.build(),
    });
  }

  private convert(type: 'f16' | 'bf16' | 'f32', part: ModelPart | null): KeptFile['source'] {
    const { name, files, card, adapter } = this.#book.facts.model;
    const unmerged = (): Input[] => this.#book.brought('model', files).map((source) => ({ name: source.name, source }));
    const read = adapter
      ? mergedSource(this.#book, adapter)
      : unmerged().filter((file) => file.name !== 'README.md' && !isLicence(file.name));
    const isCompanion = part !== null && part !== 'trunk';
    const output = isCompanion ? `${part}-model.gguf` : 'model.gguf';
    const task = this.#book.add('convert', isCompanion ? part : null, {
      params: {
        type,
        modelName: name,
        ...(part ? { part } : {}),
        ...(card !== null && !adapter ? { card } : {}),
        args: this.#book.pipeline.tools.args.convert ?? [],
      },
      inputs: { source: read.map((input) => ({ name: `${name}/${input.name}`, source: input.source })) },
      outputs: [output],
      identity: { converter: this.#book.facts.tools.converter?.id ?? '', platform: this.#book.facts.platform },
    });
    return { task, output };
  }

  /** A quant that serves as base or as the model of the calibration: no importance matrix, no options. */
  private plainQuant(name: string): Input[] {
    const type = canonicalType(name, this.#book.facts);
    const task = this.#book.add('quantize', `(plain) ${type}`, {
      params: this.quantizeParams({ type, tensors: {}, pure: false, leaveOutput: false, overrideKv: [] }),
      inputs: { model: this.#model },
      outputs: ['quant.gguf'],
      identity: this.#book.build(),
    });
    return [{ name: 'model.gguf', source: { task, output: 'quant.gguf' } }];
  }

  private quantizeParams(
    quant: Pick<ResolvedQuant, 'type' | 'tensors' | 'pure' | 'leaveOutput' | 'overrideKv'>,
  ): Task<'quantize'>['params'] {
    const { type, tensors, pure, leaveOutput, overrideKv } = quant;
    const { requantize, imatrix, tools } = this.#book.pipeline;
    const { model } = this.#book.facts;
    const missing = imatrix?.missing ?? 'error';
    return {
      type,
      tensors,
      pure,
      leaveOutput,
      overrideKv,
      requantize,
      missing,
      source: model.digest,
      ...(model.adapter ? { adapter: model.adapter.digest } : {}),
      args: tools.args.quantize ?? [],
    };
  }

  private imatrix(): Input | null {
    const { imatrix } = this.#book.pipeline;
    const given = this.#book.facts.imatrix;
    if (given) return { name: given.name.endsWith('.dat') ? 'imatrix.dat' : 'imatrix.gguf', source: given };
    const text = this.#book.facts.calibration;
    if (imatrix?.kind !== 'compute' || !text || this.#book.facts.model.notCausal) return null;
    const model = imatrix.from === 'base' ? this.base : this.plainQuant(imatrix.from);
    const task = this.#book.add('imatrix', null, {
      params: { ...this.#book.inference('imatrix'), chunks: imatrix.chunks, ...(imatrix.text.chat ? { parseSpecial: true } : {}) },
      inputs: { model, text: [textInput(this.#book, this.#model, imatrix.text, text, { what: 'calibration', name: 'calibration.txt' })] },
      outputs: ['imatrix.gguf'],
      identity: this.#book.build(),
      gpu: this.#book.usesGpu(),
    });
    return { name: 'imatrix.gguf', source: { task, output: 'imatrix.gguf' } };
  }
}
