import { basename, dirname } from 'node:path';
import { parseWithExtended } from '../../pipeline/extends.ts';
import type { QuantEntry } from '../../pipeline/pipeline.ts';
import { setNames } from '../../pipeline/quant-sets.ts';
import { resolveQuants } from '../../pipeline/quants.ts';
import { readPipelineText } from '../../pipeline/read-text.ts';
import { flatten } from '../../pipeline/tree.ts';
import { expandVariables } from '../../pipeline/variables.ts';
import { readVendored } from '../../setup/pin.ts';
import { namedText, namesOfTexts } from '../../texts/named.ts';
import { atHand, type Candidate, withoutRounds } from './candidate.ts';
import { choiceNames, sliceNames } from './text-names.ts';

/** A pipeline as it is written, mistakes and all: whoever completes a line is not told about them. */
type Written = Partial<
  Record<'model' | 'imatrix' | 'quants' | 'compare' | 'evaluate' | 'choices' | 'arithmetic' | 'samples' | 'bench', unknown>
>;

/** Types of the pinned release, and sets of them. */
export function quantTypes(): Candidate[] {
  const types = readVendored().types.filter(({ aliasOf }) => aliasOf === null);
  return [
    ...setNames.map((word) => ({ word, description: 'a set of types' })),
    ...types.map(({ name, remark }) => ({ word: name, description: remark })),
  ];
}

/** What an importance matrix is made from, beside files. */
export function calibrationTexts(): Candidate[] {
  const named = namesOfTexts().filter((name) => namedText(name)?.use === 'calibration');
  return [...named, 'default', 'none'].map((word) => ({ word, description: '' }));
}

/** What `--only` takes. */
export function quantNames(files: string[]): Candidate[] {
  return once(files.flatMap((file) => quantsOf(read(file))));
}

/** What names tasks: a kind, a row, an id. */
export function taskNames(files: string[], current: string): Candidate[] {
  return withoutRounds(once(files.flatMap((file) => tasksOf(read(file)))), current);
}

function quantsOf({ quants }: Written): Candidate[] {
  const { types } = readVendored();
  const remark = (type: string) => types.find(({ name }) => name === type)?.remark ?? '';
  const rows = resolveQuants(entriesOf(quants), types, { moe: true, needImatrix: [], hasImatrix: true }).quants;
  return rows.map(({ name, type }) => ({ word: name, description: name === type ? remark(type) : `of type ${type}` }));
}

function tasksOf(written: Written): Candidate[] {
  const quants = quantsOf(written).map(({ word }) => word);
  const rows = ['base', ...quants, ...comparedNames(written.compare)];
  const slices = sliceNames(written.evaluate);
  const dequantized = written.arithmetic ? ['dequantized'] : [];
  const several = {
    quantize: quants,
    logits: slices,
    divergence: written.evaluate === 'none' ? [] : [...rows, ...crossed(rows, [...slices, ...dequantized])],
    choices: crossed(rows, choiceNames(written.choices)),
    samples: ['none', undefined].includes(written.samples as string | undefined) ? [] : rows,
    bench:
      written.bench === 'none' ? [] : rows.flatMap((row) => Array.from({ length: rounds(written.bench) }, (_, i) => `${row}:${i + 1}`)),
  };
  const kinds = Object.entries(several).filter(([, tasks]) => tasks.length > 0);
  return [
    ...[
      hasAdapter(written.model) ? ['merge', 'probe'] : [],
      isFolder(written.model) ? 'convert' : [],
      computesImatrix(written.imatrix) ? 'imatrix' : [],
      written.evaluate === 'none' ? [] : 'logits',
    ]
      .flat()
      .map((word) => ({ word, description: '' })),
    ...kinds.map(([word]) => ({ word, description: 'tasks of this kind' })),
    ...rows.map((word) => ({ word, description: 'tasks of this row' })),
    ...slices.map((word) => ({ word, description: 'tasks of this text' })),
    ...kinds.flatMap(([kind, tasks]) => tasks.map((task) => ({ word: `${kind}:${task}`, description: '' }))),
  ];
}

/** `Q4_K_M@code`. */
function crossed(rows: string[], others: string[]): string[] {
  return rows.flatMap((row) => others.map((other) => `${row}@${other}`));
}

function isFolder(model: unknown): boolean {
  return typeof model === 'string' ? !model.endsWith('.gguf') : typeof model === 'object' && model !== null && !('gguf' in model);
}

function hasAdapter(model: unknown): boolean {
  return typeof model === 'object' && model !== null && 'adapter' in model;
}

function computesImatrix(imatrix: unknown): boolean {
  if (typeof imatrix === 'object' && imatrix !== null) return !('file' in imatrix);
  return imatrix !== 'none' && !/\.(gguf|dat)$/.test(String(imatrix));
}

function rounds(bench: unknown): number {
  const wanted = typeof bench === 'object' && bench !== null && 'rounds' in bench ? Number(bench.rounds) : 6;
  return Number.isInteger(wanted) && wanted > 0 && wanted < 100 ? wanted : 6;
}

function comparedNames(compare: unknown): string[] {
  return (Array.isArray(compare) ? compare : []).flatMap((entry: unknown) => {
    const { path, name } = wordsIn(entry, 'path');
    return name ?? (path === undefined ? [] : basename(path, '.gguf'));
  });
}

function entriesOf(written: unknown): QuantEntry[] {
  if (Array.isArray(written)) return written.flatMap(entriesOf);
  const { type, name = null } = wordsIn(written, 'type');
  return type === undefined ? [] : [{ type, name, tensors: {}, pure: false, leaveOutput: false, overrideKv: [], imatrix: true, at: '' }];
}

/** The texts of a map; of a lone text, which stands for a map with one key. */
function wordsIn(written: unknown, key: string): Record<string, string | undefined> {
  if (typeof written === 'string') return { [key]: written };
  return Object.fromEntries(Object.entries(written ?? {}).filter(([, value]) => typeof value === 'string'));
}

function read(file: string): Written {
  const path = atHand(file);
  const text = readPipelineText(path);
  if (!text.ok) return {};
  const { tree } = parseWithExtended({ text: text.text, file: path, folder: dirname(path) }, process.env);
  return tree?.kind === 'map' ? (expandVariables(flatten(tree), process.env).value as Written) : {};
}

function once(candidates: Candidate[]): Candidate[] {
  return [...new Map(candidates.map((candidate) => [candidate.word, candidate])).values()];
}
