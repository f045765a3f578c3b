import type { ResolvedQuant } from '../pipeline/quants.ts';
import { digestOf } from './canonical.ts';
import type { GgufFacts } from './facts.ts';
import type { FileMaker } from './file-maker.ts';
import { imatrixInWords } from './imatrix-in-words.ts';
import { arithmetic } from './measure/arithmetic.ts';
import { choices } from './measure/choices.ts';
import { load, loadExcludes } from './measure/load.ts';
import { divergence, perplexity, slices } from './measure/quality.ts';
import { samples } from './measure/samples.ts';
import { bench, benchExcludes } from './measure/speed.ts';
import { sustained } from './measure/sustained.ts';
import type { Swept } from './measure/sweep.ts';
import { modelInputs } from './model-inputs.ts';
import type { Row } from './planned.ts';
import type { TaskBook } from './task-book.ts';

type RowStart = Pick<Row, 'name' | 'kind' | 'type' | 'file' | 'given' | 'quantize' | 'fileName' | 'at'> & { isOther?: boolean };

/** The rows of a report, with the tasks that each asks for. */
export class RowMaker {
  readonly #book: TaskBook;
  readonly #files: FileMaker;
  readonly #swept: Swept | null;

  constructor(book: TaskBook, files: FileMaker, swept: Swept | null) {
    this.#swept = swept;
    this.#book = book;
    this.#files = files;
  }

  base(): Row {
    const { base, baseType, isBaseGiven } = this.#files;
    const { files, bpw, tensorTypes, split } = this.#book.facts.model;
    const given =
      isBaseGiven && bpw !== null && tensorTypes !== null && split !== null ? givenFile({ files, bpw, tensorTypes, split }) : null;
    return this.row({ name: 'base', kind: 'base', type: baseType, file: base, given, quantize: null, fileName: null, at: null });
  }

  quant(quant: ResolvedQuant): Row {
    const quantize = this.#files.quantize(quant);
    return this.row({
      name: quant.name,
      kind: 'quant',
      type: quant.type,
      file: [{ name: 'model.gguf', source: { task: quantize, output: 'quant.gguf' } }],
      given: null,
      quantize,
      fileName: `${this.#files.modelName}-${quant.name}.gguf`,
      at: quant.at,
    });
  }

  compared(): Row[] {
    return this.#book.pipeline.compare.flatMap(({ name, as, at }, i) => {
      const gguf = this.#book.facts.compare[i];
      return gguf ? [this.comparedRow(gguf, { name, at, isOther: as === 'other' })] : [];
    });
  }

  private comparedRow(gguf: GgufFacts, { name, at, isOther }: { name: string; at: string; isOther: boolean }): Row {
    return this.row({
      name,
      kind: 'compare',
      type: gguf.weights,
      file: modelInputs(this.#book.brought(name, gguf.files)),
      given: givenFile(gguf),
      quantize: null,
      fileName: null,
      isOther,
      at,
    });
  }

  private row({ isOther = false, ...start }: RowStart): Row {
    const { pipeline, facts } = this.#book;
    const textNotMeasured = facts.model.notCausal ?? (pipeline.evaluate.length > 0 ? null : 'evaluate: none');
    const qualityNotMeasured = textNotMeasured ?? (isOther ? 'another model (as: other)' : null);
    const speedNotMeasured = facts.model.notCausal ?? benchExcludes(pipeline, start.name);
    const loadNotMeasured = loadExcludes(pipeline, start.name) ?? (pipeline.load ? facts.model.notCausal : null);
    const samplesNotMeasured = pipeline.samples ? facts.model.notCausal : null;
    const isCalibrated = start.quantize !== null && this.#book.has(start.quantize, 'imatrix');
    return {
      ...start,
      isOther,
      divergence: qualityNotMeasured === null ? divergence(this.#book, this.#files.base, start) : null,
      slices: qualityNotMeasured === null ? slices(this.#book, this.#files.base, start) : [],
      arithmetic: qualityNotMeasured === null ? arithmetic(this.#book, this.#files.base, start) : null,
      choices: facts.model.notCausal ? [] : choices(this.#book, start),
      perplexity: isOther && textNotMeasured === null ? perplexity(this.#book, start) : null,
      samples: samplesNotMeasured === null ? samples(this.#book, start) : null,
      bench: speedNotMeasured === null ? bench(this.#book, start, this.#swept) : [],
      sustained: speedNotMeasured === null ? sustained(this.#book, start, this.#swept) : null,
      load: loadNotMeasured === null ? load(this.#book, start) : null,
      qualityNotMeasured,
      choicesNotMeasured: pipeline.choices.length > 0 ? facts.model.notCausal : null,
      samplesNotMeasured,
      speedNotMeasured,
      loadNotMeasured,
      imatrix: isCalibrated ? imatrixInWords(pipeline, facts) : null,
      marks: [
        ...(facts.model.quantized && start.kind === 'quant' ? [`made from ${facts.model.quantized}`] : []),
        ...(isOther ? ['another model: its numbers stand by themselves'] : []),
      ],
    };
  }
}

function givenFile({
  files,
  bpw,
  tensorTypes,
  split,
}: Pick<GgufFacts, 'files' | 'bpw' | 'tensorTypes' | 'split'>): NonNullable<Row['given']> {
  const [first] = files;
  const sha256 =
    files.length === 1
      ? (first?.sha256 ?? '')
      : digestOf(
          'qpipe.shards.v1',
          files.map((file) => file.sha256),
        );
  return { name: first?.name ?? '', bytes: files.reduce((total, file) => total + file.size, 0), bpw, sha256, tensorTypes, split };
}
