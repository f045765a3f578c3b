import type { FileFact } from '../plan/facts.ts';
import type { Plan } from '../plan/planned.ts';
import type { Store } from '../store/store.ts';

/** Largest vocabularies of today take half of it. */
const largest = 64e6;

/**
 * Keeps what a plan reads of folders here and is no weights: tokenizers, configs, texts. Overwritten by the next training they would be gone, and with
 * them what blame and rebuild need of this run. What the Hub has stays there.
 */
export function keepSmallFiles({ tasks }: Plan, store: Store): void {
  for (const { path, sha256 } of tasks.flatMap(({ inputs }) => Object.values(inputs).flat()).flatMap(({ source }) => smallFile(source))) {
    try {
      store.keepCopy(path, sha256);
    } catch {
      // The disk is full, or the file was taken away: the run itself says so where it matters.
    }
  }
}

function smallFile(source: FileFact | { task: string }): FileFact[] {
  if (!('path' in source)) return [];
  const { name, size, hub, isMissing } = source;
  return hub || isMissing || size > largest || /\.(safetensors|bin|pt|pth|gguf|dat)$/.test(name) ? [] : [source];
}
