import type { AdapterLook } from './adapter-look.ts';
import { lacksOrHasTooMuch } from './adapter-parts.ts';
import { byPatterns } from './adapter-patterns.ts';
import { rowsByModule, rowsOf } from './adapter-rows.ts';
import { isAt } from './adapter-targets.ts';
import { type AdapterTensor, isEmbeddingModule, isOutputModule } from './adapter-tensors.ts';
import { type Check, firstOf, saveAgain } from './misfit.ts';
import { readPattern } from './python-pattern.ts';

/** Whether an adapter is whole and has the shapes of the base's tensors. Of many tensors with the same fault the first is named. */
export const adapterMisfits: Check = (look) => {
  const strange = [...unknownTensors(look), ...withoutCounterpart(look)];
  // What follows would only say of an adapter of another model in how many ways it does not fit.
  if (strange.length > 0) return strange;
  return [...lacksOrHasTooMuch(look), ...wrongShapes(look), ...wrongRanks(look), ...endlessAlphas(look)];
};

const unknownTensors: Check = ({ tensors }) =>
  firstOf(
    tensors.filter(({ part }) => part === 'unknown'),
    ({ name }) => ({
      message: `the adapter has a tensor ${name}, which is not named as PEFT names what it merges`,
      fix: 'merge it with its own tools and name the merged folder by `path:`',
    }),
  );

const withoutCounterpart: Check = ({ tensors, base, config, isTied }) =>
  firstOf(
    tensors.filter(({ module, part, parameter }) => {
      if (part === 'unknown' || (isTied && isOutputModule(module))) return false;
      const target = part === 'whole' ? parameter : 'weight';
      return base.shapeOf(module, target) === null;
    }),
    ({ module, part, parameter }) => ({
      message: `the adapter changes ${part === 'whole' ? `${module}.${parameter}` : module}, which the model has not: it was trained on another model`,
      fix: trainedOn(config.base),
    }),
  );

const wrongShapes: Check = (look) => {
  const wrong = look.tensors.flatMap((tensor) => {
    const wanted = wantedShape(tensor, look);
    const isRight = wanted.length === tensor.shape.length && wanted.every((size, i) => size === null || size === tensor.shape[i]);
    return isRight ? [] : [{ ...tensor, wanted }];
  });
  return firstOf(wrong, ({ name, shape, wanted }) => ({
    message: `the adapter's ${name} is ${inWords(shape)}, and for this model it would be ${inWords(wanted)}: it was trained on another model`,
    fix: trainedOn(look.config.base),
  }));
};

/** Null for the rank, which has its own check. */
function wantedShape({ part, module, parameter, isEmbedding, shape }: AdapterTensor, look: AdapterLook): (number | null)[] {
  const { base, hasInputsFirst } = look;
  const ofBase = shapeAfter(module, look);
  if (part === 'whole' && parameter !== 'weight') return base.shapeOf(module, parameter) ?? shape;
  // How many rows embedding and output may have has a check of its own.
  if (part === 'whole') return isOuter(module) ? [shape[0] ?? null, ...ofBase.slice(1)] : ofBase;
  const [outputs = 0, inputs = 0] = hasInputsFirst && !isEmbedding ? ofBase.toReversed() : ofBase;
  switch (part) {
    case 'A':
      return isEmbedding ? [null, outputs] : [null, inputs];
    case 'B':
      return isEmbedding ? [inputs, null] : [outputs, null];
    case 'rows':
      return [rowsTrained(module, look), inputs];
    case 'magnitude':
      return isEmbeddingModule(module) ? shape : [outputs];
    default:
      return [outputs];
  }
}

/** The base's shape, with the rows that embedding and output have after the merge. */
function shapeAfter(module: string, look: AdapterLook): number[] {
  const { base, embedding } = look;
  const shape = base.shapeOf(module) ?? base.shapeOf(embedding ?? '') ?? [];
  if (!isOuter(module)) return shape;
  return [rowsOf(look).merged ?? shape[0] ?? 0, ...shape.slice(1)];
}

function isOuter(module: string): boolean {
  return isEmbeddingModule(module) || isOutputModule(module);
}

/** Null where the config names none. */
function rowsTrained(module: string, { lora }: AdapterLook): number | null {
  const rows = Object.entries(rowsByModule(lora));
  const [, own] = rows.find(([name]) => isAt(module, name)) ?? rows[0] ?? [];
  return own?.length ?? null;
}

const wrongRanks: Check = ({ folder, tensors, lora }) => {
  const wrong = byPatterns(folder, 'rank_pattern', () => {
    const saidOf = valueByEnd(lora.rankPattern);
    return tensors.flatMap(({ part, module, shape }) => {
      const rank = part === 'A' ? shape[0] : part === 'B' ? shape[1] : null;
      if (rank === null) return [];
      const said = saidOf(module) ?? lora.r;
      return rank === said ? [] : [{ module, rank, said }];
    });
  });
  return firstOf(wrong, ({ module, rank, said }) => ({
    message: `the adapter's rank for ${module} is ${rank}, and its adapter_config.json says ${said}: the two are not of one training`,
    fix: saveAgain,
  }));
};

/** Any alpha may be right. The merge compares them as it does the ranks, and would have no end where this has none. */
const endlessAlphas: Check = ({ folder, tensors, lora }) => {
  byPatterns(folder, 'alpha_pattern', () => tensors.map(({ module }) => module).forEach(valueByEnd(lora.alphaPattern)));
  return [];
};

/** PEFT takes the first pattern that fits the end of a module's name. */
function valueByEnd(patterns: [string, number][]): (module: string) => number | undefined {
  const read = patterns.map(([pattern, value]) => ({ ends: readPattern(`(?:.*\\.)?(?:${pattern})`), value }));
  return (module) => read.find(({ ends }) => ends?.test(module))?.value;
}

function trainedOn(base: string | null): string {
  return base === null
    ? 'name the model that it was trained on'
    : `name the model that it was trained on: its adapter_config.json says ${base}`;
}

function inWords(shape: (number | null)[]): string {
  return shape.map((size) => size ?? 'r').join(' x ') || 'a single number';
}
