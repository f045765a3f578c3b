import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { makeFolder } from '../make-folder.ts';
import { type Store, writeWhole } from '../store/store.ts';

const memorySchema = z.object({
  version: z.literal(1),
  sight: z.record(z.string(), z.object({ at: z.string(), content: z.string() })),
  /** False while a run is under way, and after one that did not come to its end. */
  ended: z.boolean(),
  /** Of that run. */
  exitCode: z.number().int(),
  /** ISO 8601. */
  at: z.string(),
});

/** What was seen before the last run that a watch began, and how that ended. */
export type Memory = z.infer<typeof memorySchema>;

/** Null before the first run, and for what cannot be read: then it is run once more than needed. */
export function recall(store: Store, pipeline: string): Memory | null {
  const file = fileOf(store, pipeline);
  if (!existsSync(file)) return null;
  try {
    return memorySchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

export function remember(store: Store, pipeline: string, memory: Omit<Memory, 'version'>): void {
  const file = fileOf(store, pipeline);
  makeFolder(dirname(file));
  writeWhole(file, JSON.stringify({ version: 1, ...memory }));
}

function fileOf(store: Store, pipeline: string): string {
  return store.path('watch', `${pipeline}.json`);
}
