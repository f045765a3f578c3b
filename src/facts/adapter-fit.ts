import type { PlanProblem } from '../plan/problems.ts';
import type { LoraParams } from '../tools/lora.ts';
import type { AdapterLook } from './adapter-look.ts';
import { rowsByModule, rowsOf } from './adapter-rows.ts';
import { isAt, isTargeted, targetedModules } from './adapter-targets.ts';
import { type AdapterTensor, isEmbeddingModule, isOutputModule, isSameModule } from './adapter-tensors.ts';
import { readPattern } from './python-pattern.ts';

type Misfit = Omit<PlanProblem, 'at'>;
type Check = (look: AdapterLook) => Misfit[];

/** Whether an adapter is whole and has the shapes of the base's tensors. Of many tensors with the same fault the first is named. */
export const adapterMisfits: Check = (look) => {
  const strange = [...unknownTensors(look), ...withoutCounterpart(look)];
  // What follows would only say of an adapter of another model in how many ways it does not fit.
  if (strange.length > 0) return strange;
  const parts = [...halfPairs(look), ...unannounced(look), ...untargeted(look), ...biasesWithoutPlace(look)];
  return [...parts, ...wrongShapes(look), ...wrongRanks(look), ...missingModules(look)];
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
    ({ module }) => ({
      message: `the adapter changes ${module}, which the model has not: it was trained on another model`,
      fix: trainedOn(config.base),
    }),
  );

const halfPairs: Check = ({ tensors, lora }) => {
  const has = (module: string, part: AdapterTensor['part']) => tensors.some((tensor) => tensor.module === module && tensor.part === part);
  const modules = [...new Set(tensors.flatMap(({ module, part }) => (part === 'A' || part === 'B' ? [module] : [])))];
  const lacking = modules.flatMap((module) => {
    const half = has(module, 'A') ? (has(module, 'B') ? null : 'lora_B') : 'lora_A';
    const magnitude = lora.dora && !has(module, 'magnitude') ? 'lora_magnitude_vector' : null;
    const bias = lora.loraBias && !has(module, 'bias of B') ? 'lora_B.bias' : null;
    const what = half ?? magnitude ?? bias;
    return what === null ? [] : [{ module, what }];
  });
  return firstOf(lacking, ({ module, what }) => ({ message: `the adapter has no ${what} for ${module}: it is not whole`, fix: saveAgain }));
};

/** PEFT would leave out what its config does not switch on. */
const unannounced: Check = ({ tensors, lora }) =>
  firstOf(
    tensors.flatMap(({ name, part }) => {
      const key = part === 'magnitude' && !lora.dora ? 'use_dora' : part === 'bias of B' && !lora.loraBias ? 'lora_bias' : null;
      return key === null ? [] : [{ name, key }];
    }),
    ({ name, key }) => ({ message: `the adapter has ${name}, and its adapter_config.json does not say ${key}`, fix: saveAgain }),
  );

const untargeted: Check = ({ tensors, lora }) =>
  firstOf(
    tensors.filter(({ part, module }) => part === 'A' && !isTargeted(lora, module)),
    ({ module }) => ({ message: `the adapter changes ${module}, which its adapter_config.json does not name`, fix: saveAgain }),
  );

/** The bias of `lora_B` is added to the module's own. */
const biasesWithoutPlace: Check = ({ tensors, base }) =>
  firstOf(
    tensors.filter(({ part, module }) => part === 'bias of B' && base.shapeOf(module, 'bias') === null),
    ({ module }) => ({
      message: `the adapter was trained with lora_bias, and ${module} has no bias in the model that it could be added to`,
      fix: 'train it without lora_bias',
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

function rowsTrained(module: string, { lora }: AdapterLook): number {
  const rows = Object.entries(rowsByModule(lora));
  const [, own] = rows.find(([name]) => isAt(module, name)) ?? rows[0] ?? [];
  return own?.length ?? 0;
}

const wrongRanks: Check = ({ tensors, lora }) => {
  const wrong = tensors.flatMap(({ part, module, shape }) => {
    const rank = part === 'A' ? shape[0] : part === 'B' ? shape[1] : null;
    const said = rankOf(module, lora);
    return rank === null || rank === said ? [] : [{ module, rank, said }];
  });
  return firstOf(wrong, ({ module, rank, said }) => ({
    message: `the adapter's rank for ${module} is ${rank}, and its adapter_config.json says ${said}: the two are not of one training`,
    fix: saveAgain,
  }));
};

/** PEFT takes the first pattern that fits the end of a module's name. */
function rankOf(module: string, { r, rankPattern }: LoraParams): number {
  const [, rank = r] = rankPattern.find(([pattern]) => readPattern(`(?:.*\\.)?(?:${pattern})`)?.test(module)) ?? [];
  return rank;
}

/** PEFT leaves what it finds no weights for as it was in the base, and says so in a warning only. */
const missingModules: Check = (look) => {
  const { tensors, lora } = look;
  const isThere = (module: string, parts: AdapterTensor['part'][]) =>
    tensors.some((tensor) => parts.includes(tensor.part) && isSameModule(tensor.module, module));
  const unadapted = targetedModules(look).filter((module) => !isThere(module, ['A', 'whole']));
  const unsaved = lora.modulesToSave.filter((name) => !tensors.some(({ part, module }) => part === 'whole' && isIn(module, name)));
  const named = Array.isArray(lora.tokenRows) ? [null] : Object.keys(lora.tokenRows ?? {});
  const untrained = named.filter((name) => !tensors.some(({ part, module }) => part === 'rows' && (name === null || isAt(module, name))));
  return [
    ...firstOf(unadapted, (module) => ({
      message: `adapter_config.json says that ${module} was adapted, and the adapter has no weights for it`,
      fix: saveAgain,
    })),
    ...firstOf(unsaved, (name) => ({
      message: `adapter_config.json names ${name} under modules_to_save, and the adapter has no weights of it`,
      fix: saveAgain,
    })),
    ...firstOf(untrained, (name) => ({
      message: `adapter_config.json names rows of ${name ?? 'the embedding'} under trainable_token_indices, and the adapter has none of them`,
      fix: saveAgain,
    })),
  ];
};

/** Or in one that was saved as a whole. */
function isIn(module: string, name: string): boolean {
  return isAt(module, name) || `.${module}.`.includes(`.${name}.`);
}

function firstOf<T>(found: T[], tell: (first: T) => Misfit): Misfit[] {
  const [first] = found;
  if (first === undefined) return [];
  const { message, ...rest } = tell(first);
  return [{ message: found.length === 1 ? message : `${message} (and ${found.length - 1} more like it)`, ...rest }];
}

function trainedOn(base: string | null): string {
  return base === null
    ? 'name the model that it was trained on'
    : `name the model that it was trained on: its adapter_config.json says ${base}`;
}

const saveAgain = 'save the adapter again with save_pretrained, or take another revision of it';

function inWords(shape: (number | null)[]): string {
  return shape.map((size) => size ?? 'r').join(' x ') || 'a single number';
}
