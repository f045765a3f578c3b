import type { QuantType } from '../tools/llama-cpp.ts';
import { nearest } from './nearest.ts';
import type { QuantEntry } from './pipeline.ts';

/** A quant with its type as the binary prints it and its final name. */
export interface ResolvedQuant extends Omit<QuantEntry, 'name'> {
  name: string;
}

export interface QuantProblem {
  at: string;
  message: string;
  fix?: string;
}

export interface ResolvedQuants {
  quants: ResolvedQuant[];
  /** What `all` leaves out. */
  leftOut: { type: string; reason: string }[];
  problems: QuantProblem[];
}

/** Sets by the form of the names, so that a new release's types belong to them without a change here. */
const sets: Record<string, (type: string) => boolean> = {
  legacy: (type) => /^Q[4-9]_[01]$/.test(type),
  k: (type) => /^Q\d_K/.test(type),
  i: (type) => /^IQ/.test(type),
  all: (type) => !/^(F16|BF16|F32|COPY)$/.test(type),
  publish: (type) => published.includes(type),
  pi: (type) => forRaspberryPi.includes(type),
};

/** What people who publish GGUFs usually offer. */
const published = 'IQ2_M Q2_K IQ3_XXS Q3_K_S Q3_K_M Q3_K_L IQ4_XS Q4_0 Q4_K_S Q4_K_M Q5_K_S Q5_K_M Q6_K Q8_0'.split(' ');

/** Small, and with kernels that are fast on its CPU. */
const forRaspberryPi = 'Q2_K Q3_K_S Q3_K_M Q4_0 Q4_K_S Q4_K_M Q5_K_M IQ4_NL'.split(' ');

export const setNames = Object.keys(sets);

/** Entries as written to quants as the binary knows them. @param types from the binary's own list */
export function resolveQuants(entries: QuantEntry[], types: QuantType[], { moe }: { moe: boolean }): ResolvedQuants {
  const problems: QuantProblem[] = [];
  const leftOut = new Map<string, string>();
  const quants: (ResolvedQuant & { fromSet: boolean })[] = [];
  for (const entry of entries) {
    const set = sets[entry.type.toLowerCase()];
    if (!set) {
      const type = find(entry.type, types);
      if (type) quants.push({ ...entry, type, name: entry.name ?? type, fromSet: false });
      else problems.push(unknownType(entry, types));
      continue;
    }
    for (const { name } of types.filter((type) => type.aliasOf === null && set(type.name))) {
      const reason = entry.type.toLowerCase() === 'all' ? whyPointless(name, moe) : null;
      if (reason) leftOut.set(name, reason);
      else quants.push({ ...entry, type: name, name, fromSet: true });
    }
  }
  const named = new Set(quants.map((quant) => quant.type));
  const rows = withoutRepeats(quants);
  return {
    quants: rows.map(({ fromSet: _fromSet, ...quant }) => quant),
    leftOut: [...leftOut].filter(([type]) => !named.has(type)).map(([type, reason]) => ({ type, reason })),
    problems: [...problems, ...nameProblems(rows)],
  };
}

function find(written: string, types: QuantType[]): string | null {
  const type = types.find(({ name }) => name.toLowerCase() === written.toLowerCase());
  return type?.name === 'COPY' ? null : (type?.aliasOf ?? type?.name ?? null);
}

function unknownType({ type, at }: QuantEntry, types: QuantType[]): QuantProblem {
  const near = nearest(type, [...types.map(({ name }) => name), ...setNames]);
  return {
    at,
    message: `unknown quant type \`${type}\``,
    fix: near ? `did you mean \`${near}\`?` : 'llama-quantize --help lists the types',
  };
}

function whyPointless(type: string, moe: boolean): string | null {
  if (/^TQ/.test(type)) return 'for models trained with ternary weights';
  if (/^Q[12]_0$/.test(type)) return 'for models trained with such weights';
  if (type === 'MXFP4_MOE' && !moe) return 'of a model without experts it is Q8_0 but for one byte';
  return null;
}

/** A type that comes again through a set, or plainly a second time, is the same row. */
function withoutRepeats<Q extends ResolvedQuant & { fromSet: boolean }>(quants: Q[]): Q[] {
  const explicit = quants.filter((quant) => !quant.fromSet).map((quant) => quant.name.toLowerCase());
  return quants.filter((quant, i) => {
    const name = quant.name.toLowerCase();
    if (quant.fromSet && explicit.includes(name)) return false;
    return (
      quants.findIndex((other) => other.name.toLowerCase() === name && sameRecipe(other, quant)) === i ||
      (!quant.fromSet && !isPlain(quant))
    );
  });
}

function sameRecipe(a: ResolvedQuant, b: ResolvedQuant): boolean {
  return (
    JSON.stringify([a.type, a.tensors, a.pure, a.leaveOutput, a.overrideKv, a.imatrix]) ===
    JSON.stringify([b.type, b.tensors, b.pure, b.leaveOutput, b.overrideKv, b.imatrix])
  );
}

function isPlain({ tensors, pure, leaveOutput, overrideKv, imatrix }: ResolvedQuant): boolean {
  return Object.keys(tensors).length === 0 && !pure && !leaveOutput && overrideKv.length === 0 && imatrix;
}

function nameProblems(quants: ResolvedQuant[]): QuantProblem[] {
  return quants.flatMap((quant, i) => {
    const earlier = quants.slice(0, i);
    const twin = earlier.find((other) => other.name.toLowerCase() === quant.name.toLowerCase());
    if (twin)
      return [{ at: quant.at, message: `two quants are named ${quant.name}`, fix: 'give one of them a `name` of its own, such as Q4_K_L' }];
    const hijacked = quants.find((other) => other !== quant && new RegExp(`^${escaped(other.name)}[-.]`, 'i').test(quant.name));
    if (!hijacked) return [];
    return [
      {
        at: quant.at,
        message: `the name ${quant.name} answers for ${hijacked.name} too: llama.cpp takes the first file that matches \`${hijacked.name}[.-]\``,
        fix: `a tag of its own, such as ${quant.name.replaceAll(/[-.]/g, '_')}`,
      },
    ];
  });
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
