import { dirname, resolve } from 'node:path';
import { builtinTexts as shippedTexts } from '../package-root.ts';
import { checkWritten } from './check-written.ts';
import { isFilledInAtUse } from './destinations.ts';
import type { Diagnostic } from './diagnostic.ts';
import { parseWithExtended } from './extends.ts';
import { normalise } from './normalise.ts';
import type { Pipeline } from './pipeline.ts';
import { type Problem, toDiagnostic, withMore } from './problem.ts';
import { readPipelineText } from './read-text.ts';
import { brokenRules } from './rules.ts';
import { literalSecrets } from './secret-rules.ts';
import { flatten } from './tree.ts';
import { type Environment, expandVariables } from './variables.ts';

export interface LoadOptions {
  /** Where variables come from. Default: the process's own. */
  env?: Environment;
  /** Files that the text named `default` stands for. Default: those that ship with qpipe. */
  builtinTexts?: { calibration: string; evaluation: string };
}

export interface TextOptions extends LoadOptions {
  /** Where the text lies, or will lie; null for one that is not saved, whose mistakes have no place then. */
  file: string | null;
  /** Relative paths start here. */
  folder: string;
}

export type Loaded =
  | { ok: true; pipeline: Pipeline }
  /** The pipeline where its form is right: whoever knows more can say at once what else is wrong with it. */
  | { ok: false; diagnostics: Diagnostic[]; pipeline: Pipeline | null };

/** Reads a pipeline file. Every mistake in it comes back at once; none is thrown. */
export function loadPipeline(file: string, options: LoadOptions = {}): Loaded {
  const path = resolve(file);
  const read = readPipelineText(path);
  if (!read.ok) {
    const { ok, ...what } = read;
    return { ok, diagnostics: [{ severity: 'error', ...what, place: null }], pipeline: null };
  }
  return loadPipelineText(read.text, { ...options, file: path, folder: dirname(path) });
}

/** The same for text that need not be in a file. */
export function loadPipelineText(text: string, { file, folder, env = process.env, builtinTexts = shippedTexts }: TextOptions): Loaded {
  const { tree, diagnostics } = parseWithExtended({ text, file, folder }, env);
  if (!tree) return { ok: false, diagnostics, pipeline: null };

  const document = flatten(tree);
  const { origins } = document;
  const expanded = expandVariables(document, env, isFilledInAtUse);
  const checked = checkWritten(expanded.value);
  const pipeline = checked.written && normalise(checked.written, { file, origins, env, builtinTexts });
  const problems = [
    literalSecrets(document.value),
    expanded.problems,
    checked.problems,
    pipeline ? brokenRules(pipeline, origins) : [],
  ].reduce(withMore);

  // With a file of it unread, nobody knows what is missing.
  const certain = (problem: Problem) => diagnostics.length === 0 || origins.has(problem.at);
  const all = [...diagnostics, ...problems.filter(certain).map((problem) => toDiagnostic(problem, origins))];
  return pipeline && all.length === 0 ? { ok: true, pipeline } : { ok: false, diagnostics: inOrder(all), pipeline };
}

/** As a person reads the file. */
export function inOrder(diagnostics: Diagnostic[]): Diagnostic[] {
  const position = ({ place }: Diagnostic) => (place ? place.line * 1_000_000 + place.column : 0);
  const file = ({ place }: Diagnostic) => place?.file ?? '';
  return diagnostics.toSorted((a, b) => file(a).localeCompare(file(b)) || position(a) - position(b));
}
