import { z } from 'zod';
import type { LoraParams } from '../tools/lora.ts';

const name = z.string().regex(/^[^\p{Cc}\p{Cs}]*$/u, 'this holds a control character');
const names = z.array(name);
const byPattern = z.array(z.tuple([name, z.number()]));
const rows = z.array(z.int().min(0));

/** What a manifest may tell a merge of its adapter; `merge-adapter.py` and PEFT read it as a config. */
export const loraSchema = z.strictObject({
  r: z.int().min(1),
  alpha: z.number(),
  rankPattern: byPattern,
  alphaPattern: byPattern,
  targets: z.union([names, name]),
  excluded: z.union([names, name]).nullable(),
  layers: z.array(z.int().min(0)),
  layerLists: names,
  modulesToSave: names,
  tokenRows: z.union([rows, z.record(name, rows)]).nullable(),
  bias: z.enum(['none', 'all', 'lora_only']),
  rslora: z.boolean(),
  dora: z.boolean(),
  loraBias: z.boolean(),
  tiesEmbeddings: z.boolean(),
} satisfies Record<keyof LoraParams, z.ZodType>);
