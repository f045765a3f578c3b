import { UserError } from '../errors.ts';
import { decimalSize } from '../report/format.ts';
import { type Base, usableMemory } from './base.ts';
import type { Choice, Surroundings, Wishes } from './choice.ts';
import type { FinishedFile } from './finished.ts';
import { billions, unevenInWords } from './in-words.ts';
import { type Looks, makesFiles } from './looks.ts';
import type { SizeOf } from './type-sizes.ts';

/** Smaller models suffer more from the same type, so that their ladder begins higher. */
const ladders: { below: number; types: string[]; why: string }[] = [
  {
    below: 1.5e9,
    types: ['Q4_K_M', 'Q5_K_M', 'Q6_K', 'Q8_0'],
    why: 'Below four bits a model as small as this one (QUANTS) usually breaks, so the ladder begins with Q4_K_M',
  },
  {
    below: 30e9,
    types: ['Q3_K_M', 'Q4_K_M', 'Q5_K_M', 'Q6_K', 'Q8_0'],
    why: 'For QUANTS: from Q3_K_M, which is small and can be noticed, to Q8_0, which hardly differs from the full model',
  },
  {
    below: Number.POSITIVE_INFINITY,
    types: ['IQ2_M', 'IQ3_XXS', 'Q2_K', 'Q3_K_M', 'Q4_K_M', 'Q5_K_M'],
    why: 'A model as large as this one (QUANTS) bears two and three bits, and its larger types fit few machines',
  },
];

/** Smaller than every quant that may stand in for the base, and made without an importance matrix. */
const smallest = 'Q3_K_M';

const others = 'Any of `llama-quantize --help` may stand here, and sets: publish, k, i, legacy, pi, all. Flag: --quants.';

interface Around {
  base: Base;
  hasImatrix: boolean;
  sizeOf: SizeOf;
}

/** Types to make, the smallest first; none for GGUFs that are only measured. */
export function chooseQuants(looks: Looks, { memoryBytes }: Surroundings, { quants }: Wishes, around: Around): Choice<string[]> {
  const { base, hasImatrix, sizeOf } = around;
  if (!makesFiles(looks))
    return { value: [], why: 'Nothing is made: finished files are measured. A type here, such as Q4_K_M, would be made from this one.' };
  if (quants) return { value: quants, why: `As you said. ${others}` };
  const ladder = ladders.find(({ below }) => looks.weights < below);
  const wanted = (ladder?.types ?? []).filter((type) => hasImatrix || !type.startsWith('IQ'));
  const room = base === null ? Number.POSITIVE_INFINITY : usableMemory(memoryBytes);
  const fits = (type: string) => sizeOf(type) <= room && (base === 'auto' || base === null || sizeOf(type) < sizeOf(base));
  const fitting = wanted.filter(fits);
  const value = fitting.length > 0 ? fitting : [smallest];
  const left = wanted.filter((type) => !value.includes(type));
  return {
    value,
    why: [
      `${(ladder?.why ?? '').replace('QUANTS', billions(looks.weights))}.`,
      ...(looks.unevenRows ? [`${unevenInWords(looks.unevenRows)}.`] : []),
      ...(left.length > 0 ? [`Left out, because they are no smaller than the base or do not fit into memory: ${left.join(', ')}.`] : []),
      ...(hasImatrix ? [] : ['No I types: they need an importance matrix.']),
      others,
    ].join(' '),
  };
}

/** Finished files to measure beside the one that is the base: those of the usual types. Throws UserError for a type that is not there. */
export function chooseCompared({ finished }: Looks, { quants }: Wishes): Choice<string[]> {
  const usual = finished.filter(({ name }) => ladders.some(({ types }) => types.includes(typeIn(name))));
  const chosen = quants?.map((type) => fileOf(type, finished)) ?? (usual.length > 0 ? usual : finished).slice(0, most);
  const sizes = chosen.map(({ name, bytes }) => `${typeIn(name)} ${decimalSize(bytes)}`);
  return {
    value: chosen.map(({ name }) => name),
    why: `Finished files of the same model, measured against the one above: ${sizes.join(', ')}. ${whatThereIs(finished)}. Flag: --quants.`,
  };
}

function fileOf(type: string, finished: FinishedFile[]): FinishedFile {
  const file = finished.find(({ name }) => typeIn(name) === type.toUpperCase());
  if (!file) throw new UserError(`there is no smaller ${type} beside it. ${whatThereIs(finished)}`);
  return file;
}

function whatThereIs(finished: FinishedFile[]): string {
  return finished.length === 0 ? 'There are none' : `There are ${finished.map(({ name }) => typeIn(name)).join(', ')}`;
}

const most = 5;

/** Of a tag, or of a file's name. */
function typeIn(name: string): string {
  return (/[-.]([A-Za-z0-9_]+)(?:-\d{5}-of-\d{5})?\.gguf$/.exec(name)?.[1] ?? name).toUpperCase();
}
