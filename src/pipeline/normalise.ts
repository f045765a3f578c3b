import { basename, extname } from 'node:path';
import { absolutePath } from './paths.ts';
import type { CompareEntry, ImatrixSource, ModelSource, Pipeline, Place, QuantEntry, TextSource, ToolSettings } from './pipeline.ts';
import type { WrittenPipeline } from './schema.ts';
import { below, type Origin, originOf } from './tree.ts';
import type { Environment } from './variables.ts';
import { isNamedText } from './written-sources.ts';

export interface Surroundings {
  file: string | null;
  origins: Map<string, Origin>;
  env: Environment;
  builtinTexts: { calibration: string; evaluation: string };
}

/** What a person wrote as the rest of qpipe uses it: every default filled in, every path absolute. */
export function normalise(written: WrittenPipeline, around: Surroundings): Pipeline {
  const maker = new Maker(around);
  return {
    name: written.name ?? nameOfFile(around.file),
    file: around.file,
    model: maker.model(written.model),
    convert: { type: written.convert?.type ?? 'auto' },
    base: written.base ?? 'auto',
    imatrix: maker.imatrix(written.imatrix),
    quants: quantEntries(written.quants, '/quants'),
    compare: maker.compare(written.compare ?? []),
    evaluate: maker.evaluate(written.evaluate),
    bench: bench(written.bench),
    keep: written.keep ?? 'all',
    requantize: written.requantize ?? false,
    tools: maker.tools(written.tools ?? {}),
    places: placesOf(around.origins),
  };
}

class Maker {
  readonly #around: Surroundings;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  model(written: WrittenPipeline['model']): ModelSource {
    if (typeof written === 'string') {
      const path = this.path(written, '/model');
      return written.endsWith('.gguf') ? { kind: 'gguf', path, name: null } : { kind: 'folder', path, name: null };
    }
    const { path = '.', gguf, name = null } = written;
    return gguf === undefined
      ? { kind: 'folder', path: this.path(path, '/model/path'), name }
      : { kind: 'gguf', path: this.path(gguf, '/model/gguf'), name };
  }

  imatrix(written: WrittenPipeline['imatrix'] = 'default'): ImatrixSource | null {
    if (written === 'none') return null;
    if (typeof written === 'string' && /\.(gguf|dat)$/.test(written))
      return { kind: 'file', path: this.path(written, '/imatrix'), missing: 'error' };
    const {
      text = 'default',
      chunks = 128,
      from = 'base',
      file,
      missing = 'error',
    } = typeof written === 'string' ? { text: written } : written;
    if (typeof file === 'string') return { kind: 'file', path: this.path(file, '/imatrix/file'), missing };
    const at = typeof written === 'string' ? '/imatrix' : '/imatrix/text';
    return { kind: 'compute', text: this.text(text, at, this.#around.builtinTexts.calibration), chunks, from, missing };
  }

  evaluate(written: WrittenPipeline['evaluate'] = 'default'): Pipeline['evaluate'] {
    if (written === 'none') return null;
    const { text = 'default', context = 512, chunks = 64 } = typeof written === 'string' ? { text: written } : written;
    const at = typeof written === 'string' ? '/evaluate' : '/evaluate/text';
    return {
      text: this.text(text, at, this.#around.builtinTexts.evaluation),
      context,
      chunks: chunks === 'auto' ? 'all' : chunks,
    };
  }

  compare(written: NonNullable<WrittenPipeline['compare']>): CompareEntry[] {
    return written.map((entry, i) => {
      const at = below('/compare', i);
      const { path = '', name } = typeof entry === 'string' ? { path: entry } : entry;
      return { path: this.path(path, at), name: name ?? basename(path, '.gguf'), at };
    });
  }

  tools({ llamaCpp, python, gpuLayers, threads = 'auto', args = {} }: NonNullable<WrittenPipeline['tools']>): ToolSettings {
    return {
      llamaCppPath: llamaCpp?.path === undefined ? null : this.path(llamaCpp.path, '/tools/llamaCpp/path'),
      cmake: llamaCpp?.cmake ?? [],
      python: python?.includes('/') ? this.path(python, '/tools/python') : (python ?? null),
      gpuLayers: gpuLayers ?? null,
      threads,
      args: Object.fromEntries(Object.entries(args).map(([tool, values]) => [tool, (values ?? []).map(String)])),
    };
  }

  private text(written: string | object, at: string, builtin: string): TextSource {
    if (typeof written !== 'string' || isNamedText(written)) return { path: builtin, name: 'default' };
    return { path: this.path(written, at), name: basename(written) };
  }

  /** A path belongs to the file it was written in, which need not be the one that was loaded. */
  private path(written: string, at: string): string {
    const { origins, env } = this.#around;
    return absolutePath(written, originOf(origins, at)?.folder ?? '.', env);
  }
}

function quantEntries(written: WrittenPipeline['quants'], at: string): QuantEntry[] {
  if (Array.isArray(written)) return written.flatMap((entry, i) => quantEntries(entry, below(at, i)));
  const entry = typeof written === 'string' ? { type: written } : written;
  const { type, name = null, tensors = {}, pure = false, leaveOutput = false, overrideKv = [], imatrix = true } = entry;
  return [{ type, name, tensors, pure, leaveOutput, overrideKv, imatrix, at }];
}

function bench(written: WrittenPipeline['bench'] = 'default'): Pipeline['bench'] {
  if (written === 'none') return null;
  const { prompt = 512, generate = 128, rounds = 6, threads = 'auto', quants = 'all' } = written === 'default' ? {} : written;
  return { prompt, generate, rounds, threads, quants };
}

/** The file's stem, as far as it can name a folder. */
function nameOfFile(file: string | null): string {
  if (file === null) return 'pipeline';
  return (
    basename(file, extname(file))
      .replace(/[^\p{L}\p{N}_.-]+/gu, '-')
      .replace(/^[.-]+/, '') || 'pipeline'
  );
}

function placesOf(origins: Map<string, Origin>): Record<string, Place> {
  return Object.fromEntries([...origins].flatMap(([at, { value }]) => (value ? [[at, value]] : [])));
}
