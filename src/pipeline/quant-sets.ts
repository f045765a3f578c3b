import type { QuantType } from '../tools/llama-cpp.ts';

/** Chosen lists; every other set goes by the form of the names, so that a new release's types belong to it without a change here. */
const chosen: Record<string, string[]> = {
  /** What people who publish GGUFs usually offer. */
  publish: 'IQ2_M Q2_K IQ3_XXS Q3_K_S Q3_K_M Q3_K_L IQ4_XS Q4_0 Q4_K_S Q4_K_M Q5_K_S Q5_K_M Q6_K Q8_0'.split(' '),
  /** Small, and with fast kernels for a Raspberry Pi's CPU. */
  pi: 'Q2_K Q3_K_S Q3_K_M Q4_0 Q4_K_S Q4_K_M Q5_K_M IQ4_NL'.split(' '),
};

const forms: Record<string, RegExp> = {
  legacy: /^Q[4-9]_[01]$/,
  k: /^Q\d_K/,
  i: /^IQ/,
  all: /^(?!(F16|BF16|F32|COPY)$)/,
};

export const setNames = [...Object.keys(forms), ...Object.keys(chosen)];

export interface TypeSet {
  types: string[];
  leftOut: { type: string; reason: string }[];
}

export function isSet(written: string): boolean {
  return setNames.includes(written.toLowerCase());
}

export interface SetContext {
  /** The model has experts. */
  moe: boolean;
  /** Types that need an importance matrix where there is none: left out. */
  needImatrix: string[];
}

export function typesOfSet(written: string, types: QuantType[], context: SetContext): TypeSet {
  const set = written.toLowerCase();
  const known = types.flatMap(({ name, aliasOf }) => (aliasOf === null ? name : []));
  const wanted = chosen[set] ?? known.filter((type) => forms[set]?.test(type));
  const judged = wanted.map((type) => ({
    type,
    reason: known.includes(type) ? whyNot(type, context) : 'this llama-quantize does not know it',
  }));
  return {
    types: judged.flatMap(({ type, reason }) => (reason === null ? type : [])),
    leftOut: judged.flatMap(({ type, reason }) => (reason === null ? [] : { type, reason })),
  };
}

function whyNot(type: string, { moe, needImatrix }: SetContext): string | null {
  if (needImatrix.includes(type)) return 'it needs an importance matrix';
  if (/^TQ/.test(type)) return 'for models trained with ternary weights';
  if (/^Q[12]_0$/.test(type)) return 'for models trained with such weights';
  if (type === 'MXFP4_MOE' && !moe) return 'of a model without experts it is Q8_0 but for one byte';
  return null;
}
