import { isAt, targetedAmong, targetedModules } from './adapter-targets.ts';
import { type AdapterTensor, isOutputModule, isSameModule } from './adapter-tensors.ts';
import { type Check, firstOf, saveAgain } from './misfit.ts';

/** Whether an adapter has the weights that its config speaks of, and no others. */
export const lacksOrHasTooMuch: Check = (look) =>
  [halfPairs, unannounced, untargeted, twice, biasesWithoutPlace, missingModules].flatMap((check) => check(look));

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
const unannounced: Check = ({ tensors, lora, isTied }) =>
  firstOf(
    tensors.flatMap(({ name, part, module }) => {
      if (part === 'magnitude' && !lora.dora) return [{ name, key: 'use_dora' }];
      if (part === 'bias of B' && !lora.loraBias) return [{ name, key: 'lora_bias' }];
      // Of tied embeddings PEFT saves those of the output with the others.
      if (lora.tokenRows !== null && isTied && isOutputModule(module)) return [];
      const isNamed = Array.isArray(lora.tokenRows) || Object.keys(lora.tokenRows ?? {}).some((one) => isAt(module, one));
      return part === 'rows' && !isNamed ? [{ name, key: 'trainable_token_indices' }] : [];
    }),
    ({ name, key }) => ({ message: `the adapter has ${name}, and its adapter_config.json does not say ${key}`, fix: saveAgain }),
  );

const untargeted: Check = (look) => {
  const adapted = look.tensors.filter(({ part }) => part === 'A').map(({ module }) => module);
  const targeted = new Set(targetedAmong(adapted, look));
  return firstOf(
    adapted.filter((module) => !targeted.has(module)),
    (module) => ({ message: `the adapter changes ${module}, which its adapter_config.json does not name`, fix: saveAgain }),
  );
};

/** PEFT adapts a module in one way. */
const twice: Check = ({ tensors, lora }) => {
  const ways = (module: string) => [
    ...(tensors.some((tensor) => tensor.part === 'A' && tensor.module === module) ? ['factors'] : []),
    ...(tensors.some((tensor) => tensor.part === 'rows' && tensor.module === module) ? ['rows'] : []),
    ...(lora.modulesToSave.some((name) => isIn(module, name)) ? ['the whole'] : []),
  ];
  const modules = [...new Set(tensors.map(({ module }) => module))];
  return firstOf(
    modules.flatMap((module) => (ways(module).length > 1 ? [{ module, found: ways(module) }] : [])),
    ({ module, found }) => ({
      message: `the adapter has ${found.join(' and ')} of ${module}, and PEFT merges one of them`,
      fix: 'train it in one way (`target_modules`, `modules_to_save` or `trainable_token_indices`)',
    }),
  );
};

/** The bias of `lora_B` is added to the module's own. */
const biasesWithoutPlace: Check = ({ tensors, base }) =>
  firstOf(
    tensors.filter(({ part, module }) => part === 'bias of B' && base.shapeOf(module, 'bias') === null),
    ({ module }) => ({
      message: `the adapter was trained with lora_bias, and ${module} has no bias in the model that it could be added to`,
      fix: 'train it without lora_bias',
    }),
  );

/** PEFT leaves what it finds no weights for as it was in the base, and says so in a warning only. */
const missingModules: Check = (look) => {
  const { tensors, lora, base } = look;
  if (!tensors.some(({ part }) => part === 'A') && lora.targets.length === 0) return [withoutFactors];
  const isThere = (module: string, parts: AdapterTensor['part'][]) =>
    tensors.some((tensor) => parts.includes(tensor.part) && isSameModule(tensor.module, module));
  const unadapted = targetedModules(look).filter((module) => !isThere(module, ['A', 'whole']));
  const isSaved = (module: string, parameter: string) =>
    tensors.some((tensor) => tensor.part === 'whole' && tensor.parameter === parameter && isSameModule(tensor.module, module));
  const unsaved = lora.modulesToSave.flatMap((name) => {
    if (!tensors.some(({ part, module }) => part === 'whole' && isIn(module, name))) return [{ name, what: 'it' }];
    const parameters = base.modules
      .filter((module) => isIn(module, name))
      .flatMap((module) => ['weight', 'bias'].map((one) => [module, one] as const));
    const lacking = parameters.find(([module, one]) => base.shapeOf(module, one) !== null && !isSaved(module, one));
    return lacking ? [{ name, what: lacking.join('.') }] : [];
  });
  const named = Array.isArray(lora.tokenRows) ? [null] : Object.keys(lora.tokenRows ?? {});
  const untrained = named.filter((name) => !tensors.some(({ part, module }) => part === 'rows' && (name === null || isAt(module, name))));
  return [
    ...firstOf(unadapted, (module) => ({
      message: `adapter_config.json says that ${module} was adapted, and the adapter has no weights for it`,
      fix: saveAgain,
    })),
    ...firstOf(unsaved, ({ name, what }) => ({
      message: `adapter_config.json names ${name} under modules_to_save, and the adapter has no weights of ${what}`,
      fix: saveAgain,
    })),
    ...firstOf(untrained, (name) => ({
      message: `adapter_config.json names rows of ${name ?? 'the embedding'} under trainable_token_indices, and the adapter has none of them`,
      fix: saveAgain,
    })),
  ];
};

const withoutFactors = {
  message: 'the adapter has no factors (lora_A, lora_B), and PEFT merges nothing else by itself',
  fix: 'merge it with its own tools and name the merged folder by `path:`',
};

/** Or in one that was saved as a whole. */
function isIn(module: string, name: string): boolean {
  return isAt(module, name) || `.${module}.`.includes(`.${name}.`);
}
