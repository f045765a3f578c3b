import type { LoraParams } from '../tools/lora.ts';
import type { AdapterLook } from './adapter-look.ts';
import { byPatterns } from './adapter-patterns.ts';
import { innerName } from './adapter-tensors.ts';
import { readPattern } from './python-pattern.ts';

/** Modules of the base that the config says were adapted, as PEFT would call them. Throws UserError for patterns without end. */
export function targetedModules(look: AdapterLook): string[] {
  const { base, tensors } = look;
  const adapted = tensors.find(({ part }) => part === 'A')?.module ?? '';
  const outer = adapted.slice(0, adapted.length - innerName(adapted).length);
  return targetedAmong(
    base.modules.map((module) => outer + innerName(module)),
    look,
  );
}

/** Those of modules, by PEFT's names, for which it looks for factors. Throws UserError for patterns without end. */
export function targetedAmong(modules: string[], { folder, lora }: AdapterLook): string[] {
  const named = byPatterns(folder, 'target_modules', () => modules.filter(fits(lora.targets)));
  const wanted = byPatterns(folder, 'exclude_modules', () => {
    const isExcluded = fits(lora.excluded ?? []);
    return named.filter((name) => !isExcluded(name));
  });
  return byPatterns(folder, 'layers_pattern', () => wanted.filter(isInLayers(lora)));
}

/** Whether a module is called so, or ends so. */
export function isAt(module: string, end: string): boolean {
  return module === end || module.endsWith(`.${end}`);
}

function fits(modules: string[] | string): (name: string) => boolean {
  if (Array.isArray(modules)) return (name) => modules.some((module) => isAt(name, module));
  const pattern = readPattern(modules);
  return (name) => pattern?.test(name) === true;
}

/** The layer's number is the first in the name, or follows what the list of layers is called. */
function isInLayers({ layers, layerLists }: LoraParams): (name: string) => boolean {
  if (layers.length === 0) return () => true;
  const places = layerLists.length === 0 ? ['.*?\\.[^.]*'] : layerLists.map((list) => `(?:.*?\\.)?${list}`);
  const patterns = places.map((place) => readPattern(`${place}\\.(?P<layer>\\d+)\\..*`));
  return (name) => {
    const [number] = patterns.flatMap((pattern) => pattern?.exec(name)?.groups?.['layer'] ?? []);
    return number !== undefined && layers.includes(Number(number));
  };
}
