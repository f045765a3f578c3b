import type { LoraParams } from '../tools/lora.ts';
import type { AdapterLook } from './adapter-look.ts';
import { innerName } from './adapter-tensors.ts';
import { readPattern } from './python-pattern.ts';

/** Modules of the base that the config says were adapted, as PEFT would call them. */
export function targetedModules({ lora, base, tensors }: AdapterLook): string[] {
  const adapted = tensors.find(({ part }) => part === 'A')?.module ?? '';
  const outer = adapted.slice(0, adapted.length - innerName(adapted).length);
  const names = base.modules.map((module) => outer + innerName(module));
  return names.filter((name) => isTargeted(lora, name));
}

/** Whether PEFT looks for factors of a module, which it calls so. */
export function isTargeted(lora: LoraParams, module: string): boolean {
  return fits(lora.targets, module) && !fits(lora.excluded ?? [], module) && isInLayers(lora, module);
}

/** Whether a module is called so, or ends so. */
export function isAt(module: string, end: string): boolean {
  return module === end || module.endsWith(`.${end}`);
}

function fits(modules: string[] | string, name: string): boolean {
  return Array.isArray(modules) ? modules.some((module) => isAt(name, module)) : readPattern(modules)?.test(name) === true;
}

/** The layer's number is the first in the name, or follows what the list of layers is called. */
function isInLayers({ layers, layerLists }: LoraParams, name: string): boolean {
  if (layers.length === 0) return true;
  const places = layerLists.length === 0 ? ['.*?\\.[^.]*'] : layerLists.map((list) => `(?:.*?\\.)?${list}`);
  const [number] = places.flatMap((place) => readPattern(`${place}\\.(?P<layer>\\d+)\\..*`)?.exec(name)?.groups?.['layer'] ?? []);
  return number !== undefined && layers.includes(Number(number));
}
