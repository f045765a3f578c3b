import type { QuantType } from '../tools/llama-cpp.ts';
import { didYouMean } from './nearest.ts';
import type { QuantEntry } from './pipeline.ts';
import { isSet, setNames, typesOfSet } from './quant-sets.ts';

/** A quant with its type as the binary prints it and its final name. */
export interface ResolvedQuant extends Omit<QuantEntry, 'name'> {
  name: string;
}

interface QuantProblem {
  /** JSON pointer of the entry. */
  at: string;
  message: string;
  fix?: string;
}

export interface ResolvedQuants {
  quants: ResolvedQuant[];
  /** What sets leave out, and why. */
  leftOut: { type: string; reason: string }[];
  problems: QuantProblem[];
}

export interface QuantContext {
  /** The model has experts. */
  moe: boolean;
  /** Types that llama-quantize makes only with an importance matrix, and whether there will be one. */
  needImatrix: string[];
  hasImatrix: boolean;
}

interface Candidate {
  quant: ResolvedQuant;
  origin: 'type' | 'set';
  hasName: boolean;
}

/** Entries as written to quants as the binary knows them. @param types from the binary's own list */
export function resolveQuants(entries: QuantEntry[], types: QuantType[], context: QuantContext): ResolvedQuants {
  const leftOut = new Map<string, string>();
  const problems: QuantProblem[] = [];
  const candidates = entries.flatMap((entry): Candidate[] => {
    if (!isSet(entry.type)) {
      const type = canonicalName(entry.type, types);
      if (type === null) problems.push(unknownType(entry, types));
      return type === null ? [] : [{ quant: { ...entry, type, name: entry.name ?? type }, origin: 'type', hasName: entry.name !== null }];
    }
    if (entry.name !== null) problems.push(namedSet(entry));
    const needImatrix = entry.imatrix && context.hasImatrix ? [] : context.needImatrix;
    const set = typesOfSet(entry.type, types, { moe: context.moe, needImatrix });
    for (const { type, reason } of set.leftOut) leftOut.set(type, reason);
    return set.types.map((type) => ({ quant: { ...entry, type, name: type }, origin: 'set', hasName: false }));
  });
  const { rows, clashes } = oneRowPerName(candidates);
  return {
    quants: rows.map(({ quant }) => quant),
    leftOut: [...leftOut].flatMap(([type, reason]) => (rows.some(({ quant }) => quant.type === type) ? [] : { type, reason })),
    problems: [...problems, ...clashes, ...rows.flatMap((row) => nameProblems(row, rows, types))],
  };
}

/** A type's name as the binary prints it, aliases followed; null when it has none such. */
function canonicalName(written: string, types: QuantType[]): string | null {
  const type = types.find(({ name }) => name.toLowerCase() === written.toLowerCase());
  return type?.aliasOf ?? type?.name ?? null;
}

function unknownType({ type, at }: QuantEntry, types: QuantType[]): QuantProblem {
  const fix = didYouMean(type, [...types.map(({ name }) => name), ...setNames]);
  return { at, message: `llama-quantize knows no type \`${type}\``, fix: fix ?? '`llama-quantize --help` lists the types it knows' };
}

function namedSet({ at, type, name }: QuantEntry): QuantProblem {
  return {
    at,
    message: `\`${type}\` is a set: its types cannot all be named \`${name}\``,
    fix: 'leave `name` out, or write the types one by one',
  };
}

/** The same row again through a set is no mistake. */
function oneRowPerName(candidates: Candidate[]): { rows: Candidate[]; clashes: QuantProblem[] } {
  const rows = new Map<string, Candidate>();
  const clashes: QuantProblem[] = [];
  for (const candidate of candidates) {
    const key = candidate.quant.name.toLowerCase();
    const earlier = rows.get(key);
    if (!earlier) rows.set(key, candidate);
    else if (!isSameRow(earlier, candidate)) clashes.push(clash(earlier, candidate));
  }
  return { rows: [...rows.values()], clashes };
}

function isSameRow(a: Candidate, b: Candidate): boolean {
  return (a.origin === 'set' || b.origin === 'set') && recipe(a.quant) === recipe(b.quant);
}

function recipe({ type, tensors, pure, leaveOutput, overrideKv, imatrix }: ResolvedQuant): string {
  return JSON.stringify([type, Object.entries(tensors).sort(), pure, leaveOutput, overrideKv, imatrix]);
}

function clash(earlier: Candidate, later: Candidate): QuantProblem {
  const special = [later, earlier].find(({ quant, hasName }) => hasOptions(quant) && !hasName);
  const { at, name } = (special ?? later).quant;
  const other = ((special ?? later) === later ? earlier : later).quant;
  if (special && recipe(earlier.quant) !== recipe(later.quant))
    return {
      at,
      message: `\`${name}\` with options of its own and \`${name}\` at ${inWords(other.at)} would share one name`,
      fix: `give it a \`name\`, such as \`name: ${name}_custom\``,
    };
  return {
    at,
    message: `two quants are named \`${name}\`: here and at ${inWords(other.at)}`,
    fix: 'leave one out, or give it another `name`',
  };
}

function hasOptions({ tensors, pure, leaveOutput, overrideKv, imatrix }: ResolvedQuant): boolean {
  return Object.keys(tensors).length > 0 || pure || leaveOutput || overrideKv.length > 0 || !imatrix;
}

/** `/quants/2/0` as people count: `quants[2][0]`. */
function inWords(at: string): string {
  return at.slice(1).replace(/\/(\d+)/g, '[$1]');
}

/** A stock type's name is what it is; only a chosen one can be chosen badly. */
function nameProblems({ quant: { at, name, type }, hasName }: Candidate, rows: Candidate[], types: QuantType[]): QuantProblem[] {
  if (!hasName) return [];
  if (name.toLowerCase() === 'base')
    return [{ at, message: '`base` is the row that the others are measured against', fix: 'choose another `name`' }];
  const meant = canonicalName(name, types);
  if (meant !== null && meant !== type)
    return [{ at, message: `\`${name}\` is the name of another type than ${type}`, fix: 'choose another `name`' }];
  if (/imatrix|mmproj/.test(name))
    return [{ at, message: `llama.cpp never takes a file with \`imatrix\` or \`mmproj\` in its name`, fix: 'choose another `name`' }];
  const confused = rows
    .map(({ quant }) => quant.name)
    .filter((other) => other !== name && (answersFor(name, other) || answersFor(other, name)));
  return confused.slice(0, 1).map((other) => ({
    at,
    message: `\`${name}\` and \`${other}\` cannot be told apart: llama.cpp takes the first file that matches \`${answersFor(name, other) ? other : name}[.-]\``,
    fix: `choose another \`name\`, without the other one before \`-\`, \`.\` or its end`,
  }));
}

/** `repo:TAG` is looked up as `TAG[.-]` in any letter case, anywhere in a file's name (common/download.cpp). The name is followed by `.gguf`. */
function answersFor(name: string, tag: string): boolean {
  const file = `${name}.`.toLowerCase();
  return file.includes(`${tag.toLowerCase()}.`) || file.includes(`${tag.toLowerCase()}-`);
}
