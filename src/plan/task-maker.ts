import { InternalError } from '../errors.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { ResolvedQuant } from '../pipeline/quants.ts';
import { baseType, canonicalType, convertedType } from './base.ts';
import { canonicalJson, digestOf } from './canonical.ts';
import { imatrixInWords } from './imatrix-in-words.ts';
import { isLicence } from './licence.ts';
import { modelInputs } from './model-inputs.ts';
import type { Facts, FileFact, GgufFacts, Inference, Input, KeptFile, ModelPart, Op, Row, Task } from './task.ts';

type RowStart = Pick<Row, 'name' | 'kind' | 'type' | 'file' | 'given' | 'quantize' | 'fileName' | 'at'> & { isOther?: boolean };

/** Makes the tasks that rows ask for, each once. */
export class TaskMaker {
  readonly modelName: string;
  /** Output of convert, or null for a model that is a GGUF already. */
  readonly converted: { task: string; output: string } | null;
  readonly convertedType: string;
  /** What is converted beside the model, each into a file by the name that llama.cpp looks for. */
  readonly companions: KeptFile[];
  /** What every number is measured against. */
  readonly base: Input[];
  readonly baseType: string;
  readonly compared: { name: string; gguf: GgufFacts; isOther: boolean; at: string }[];
  readonly #pipeline: Pipeline;
  readonly #facts: Facts;
  readonly #tasks = new Map<string, Task>();
  readonly #model: Input[];

  constructor(pipeline: Pipeline, facts: Facts) {
    this.#pipeline = pipeline;
    this.#facts = facts;
    this.modelName = facts.model.name;
    this.compared = pipeline.compare.flatMap(({ name, as, at }, i) => {
      const gguf = facts.compare[i];
      return gguf ? [{ name, gguf, isOther: as === 'other', at }] : [];
    });
    const type = convertedType(pipeline);
    // First, as they are small: a model that has no such part is noticed before the work of hours.
    this.companions = pipeline.model.companions.map((companion) => ({
      name: `${companion}-${this.modelName}-${type.toUpperCase()}.gguf`,
      companion,
      source: this.convert(type, companion),
    }));
    const part = pipeline.model.companions.includes('mtp') ? 'trunk' : null;
    this.converted = pipeline.model.kind === 'folder' ? this.convert(type, part) : null;
    this.convertedType = this.converted ? type.toUpperCase() : facts.model.weights;
    this.#model = this.converted ? [{ name: 'model.gguf', source: this.converted }] : modelInputs(this.brought('model', facts.model.files));
    this.base = pipeline.base === 'auto' ? this.#model : this.plainQuant(pipeline.base);
    this.baseType = baseType(pipeline, facts);
  }

  /** What is known of a base that is a GGUF from outside. */
  givenBase(): Row['given'] {
    const { files, bpw } = this.#facts.model;
    return this.converted || this.base !== this.#model || bpw === null ? null : given({ files, bpw });
  }

  /** Producers come before their consumers. */
  tasks(): Task[] {
    return [...this.#tasks.values()];
  }

  row({ isOther = false, ...start }: RowStart): Row {
    const { evaluate, bench } = this.#pipeline;
    const textNotMeasured = this.#facts.model.notCausal ?? (evaluate ? null : 'evaluate: none');
    const qualityNotMeasured = textNotMeasured ?? (isOther ? 'another model (as: other)' : null);
    const speedNotMeasured = this.#facts.model.notCausal ?? (bench ? null : 'bench: none') ?? this.benchExcludes(start.name);
    return {
      ...start,
      divergence: qualityNotMeasured === null ? this.divergence(start) : null,
      perplexity: isOther && textNotMeasured === null ? this.perplexity(start) : null,
      bench: speedNotMeasured === null ? this.bench(start) : [],
      qualityNotMeasured,
      speedNotMeasured,
      imatrix: start.quantize !== null && this.usesImatrix(start.quantize) ? imatrixInWords(this.#pipeline, this.#facts) : null,
      marks: [
        ...(this.#facts.model.quantized && start.kind === 'quant' ? [`made from ${this.#facts.model.quantized}`] : []),
        ...(isOther ? ['another model: its numbers stand by themselves'] : []),
      ],
    };
  }

  quantize(quant: ResolvedQuant): string {
    const imatrix = quant.imatrix ? this.imatrix() : null;
    return this.add('quantize', quant.name, {
      params: this.quantizeParams(quant),
      inputs: { model: this.#model, ...(imatrix ? { imatrix: [imatrix] } : {}) },
      outputs: ['quant.gguf'],
      identity: this.build(),
    });
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

  private convert(type: 'f16' | 'bf16' | 'f32', part: ModelPart | null): KeptFile['source'] {
    const { name, files } = this.#facts.model;
    const read = this.brought('model', files).filter((file) => !isLicence(file.name));
    const isCompanion = part !== null && part !== 'trunk';
    const output = isCompanion ? `${part}-model.gguf` : 'model.gguf';
    const task = this.add('convert', isCompanion ? part : null, {
      params: { type, modelName: name, ...(part ? { part } : {}), args: this.#pipeline.tools.args.convert ?? [] },
      inputs: { source: read.map((source) => ({ name: `${name}/${source.name}`, source })) },
      outputs: [output],
      identity: { converter: this.#facts.tools.converter?.id ?? '', platform: this.#facts.platform },
    });
    return { task, output };
  }

  /** A quant that serves as base or as the model of the calibration: no importance matrix, no options. */
  private plainQuant(name: string): Input[] {
    const type = canonicalType(name, this.#facts);
    const task = this.add('quantize', `(plain) ${type}`, {
      params: this.quantizeParams({ type, tensors: {}, pure: false, leaveOutput: false, overrideKv: [] }),
      inputs: { model: this.#model },
      outputs: ['quant.gguf'],
      identity: this.build(),
    });
    return [{ name: 'model.gguf', source: { task, output: 'quant.gguf' } }];
  }

  private quantizeParams(
    quant: Pick<ResolvedQuant, 'type' | 'tensors' | 'pure' | 'leaveOutput' | 'overrideKv'>,
  ): Task<'quantize'>['params'] {
    const { type, tensors, pure, leaveOutput, overrideKv } = quant;
    const { requantize, imatrix, tools } = this.#pipeline;
    const missing = imatrix?.missing ?? 'error';
    return {
      type,
      tensors,
      pure,
      leaveOutput,
      overrideKv,
      requantize,
      missing,
      source: this.#facts.model.digest,
      args: tools.args.quantize ?? [],
    };
  }

  private imatrix(): Input | null {
    const { imatrix } = this.#pipeline;
    const given = this.#facts.imatrix;
    if (given) return { name: given.name.endsWith('.dat') ? 'imatrix.dat' : 'imatrix.gguf', source: given };
    const text = this.#facts.calibration;
    if (imatrix?.kind !== 'compute' || !text || this.#facts.model.notCausal) return null;
    const model = imatrix.from === 'base' ? this.base : this.plainQuant(imatrix.from);
    const task = this.add('imatrix', null, {
      params: { ...this.inference('imatrix'), chunks: imatrix.chunks },
      inputs: { model, text: [{ name: 'calibration.txt', source: text }] },
      outputs: ['imatrix.gguf'],
      identity: this.build(),
      gpu: this.usesGpu(),
    });
    return { name: 'imatrix.gguf', source: { task, output: 'imatrix.gguf' } };
  }

  private logits(): Input | null {
    const { evaluate } = this.#pipeline;
    const text = this.#facts.evaluation;
    if (!evaluate || !text) return null;
    const task = this.add('logits', null, {
      params: { ...this.inference('perplexity'), context: evaluate.context, chunks: evaluate.chunks },
      inputs: { model: this.base, text: [{ name: 'evaluation.txt', source: text }] },
      outputs: ['base.kld'],
      identity: { ...this.build(), cpu: this.#facts.machine.cpu },
      gpu: this.usesGpu(),
    });
    return { name: 'base.kld', source: { task, output: 'base.kld' } };
  }

  /** Another model has another base: only its own perplexity can be told. */
  private perplexity({ name, file }: RowStart): string | null {
    const { evaluate } = this.#pipeline;
    const text = this.#facts.evaluation;
    if (!evaluate || !text) return null;
    return this.add('perplexity', name, {
      params: { ...this.inference('perplexity'), context: evaluate.context, chunks: evaluate.chunks },
      inputs: { model: file, text: [{ name: 'evaluation.txt', source: text }] },
      outputs: [],
      identity: { ...this.build(), cpu: this.#facts.machine.cpu },
      gpu: this.usesGpu(),
    });
  }

  private divergence(row: RowStart): string | null {
    const logits = this.logits();
    if (!logits || !this.#pipeline.evaluate) return null;
    return this.add('divergence', row.name, {
      params: { ...this.inference('perplexity'), context: this.#pipeline.evaluate.context },
      inputs: {
        model: row.file,
        logits: [logits],
        ...(row.kind === 'compare'
          ? { base: this.base.map(({ name, source }) => ({ name: name.replace(/^model/, 'base'), source })) }
          : {}),
      },
      outputs: [],
      identity: { ...this.build(), cpu: this.#facts.machine.cpu },
      gpu: this.usesGpu(),
    });
  }

  private bench(row: RowStart): string[] {
    const { bench, tools } = this.#pipeline;
    if (!bench) return [];
    const threads = benchThreads(this.#pipeline, this.#facts);
    return Array.from({ length: bench.rounds }, (_, i) => i + 1).map((round) =>
      this.add('bench', `${row.name}:${round}`, {
        params: {
          prompt: bench.prompt,
          generate: bench.generate,
          round,
          threads,
          gpuLayers: tools.gpuLayers,
          args: tools.args.bench ?? [],
        },
        inputs: { model: row.file },
        outputs: [],
        identity: { ...this.build(), machine: this.#facts.machine.fingerprint },
        exclusive: true,
      }),
    );
  }

  private usesImatrix(task: string): boolean {
    return this.#tasks.get(task)?.inputs['imatrix'] !== undefined;
  }

  private benchExcludes(row: string): string | null {
    const chosen = this.#pipeline.bench?.quants ?? 'all';
    if (chosen === 'all' || chosen.some((name) => name.toLowerCase() === row.toLowerCase())) return null;
    return 'not among bench.quants';
  }

  private inference(tool: 'imatrix' | 'perplexity'): Inference {
    return { gpuLayers: this.#pipeline.tools.gpuLayers, args: this.#pipeline.tools.args[tool] ?? [] };
  }

  private usesGpu(): boolean {
    return this.#facts.tools.build.backend !== 'CPU' && this.#pipeline.tools.gpuLayers !== 0;
  }

  private build(): Record<string, string> {
    return { build: this.#facts.tools.build.id, platform: this.#facts.platform };
  }

  private add<O extends Op>(
    op: O,
    name: string | null,
    rest: Omit<Task<O>, 'id' | 'op' | 'exclusive' | 'gpu'> & Partial<Pick<Task<O>, 'exclusive' | 'gpu'>>,
  ): string {
    const id = name === null ? op : `${op}:${name}`;
    const task = { id, op, exclusive: false, gpu: false, ...rest } as Task;
    const known = this.#tasks.get(id);
    if (known && canonicalJson(known) !== canonicalJson(task)) throw new InternalError(`two different tasks are called ${id}`);
    this.#tasks.set(id, known ?? task);
    return id;
  }
}

export function given({ files, bpw }: Pick<GgufFacts, 'files' | 'bpw'>): NonNullable<Row['given']> {
  const [first] = files;
  const sha256 =
    files.length === 1
      ? (first?.sha256 ?? '')
      : digestOf(
          'qpipe.shards.v1',
          files.map((file) => file.sha256),
        );
  return { name: first?.name ?? '', bytes: files.reduce((total, file) => total + file.size, 0), bpw, sha256 };
}

export function benchThreads(pipeline: Pipeline, facts: Facts): number {
  const [wanted] = [pipeline.bench?.threads, pipeline.tools.threads].filter((threads) => typeof threads === 'number');
  return wanted ?? facts.machine.cores;
}
