import type { PlanProblem } from '../plan/problems.ts';
import type { LoraParams } from '../tools/lora.ts';
import type { AdapterLook } from './adapter-look.ts';
import { isEmbeddingModule, isOutputModule } from './adapter-tensors.ts';

interface Rows {
  base: number | null;
  /** Of the embedding after the merge. */
  merged: number | null;
}

/** How many rows the embedding has, before and after. More rows than tokens are padding; more tokens than rows cannot be. */
export function rowsOf(look: AdapterLook): Rows {
  const { base, embedding, lora, tokens } = look;
  const before = base.shapeOf(embedding ?? '')?.[0] ?? null;
  const brought = broughtRows(look, isEmbeddingModule) ?? broughtRows(look, isOutputModule);
  const trained = Object.values(rowsByModule(lora)).flat();
  const single = trained.length > 0 && before !== null ? Math.max(before, tokens ?? 0, ...trained.map((row) => row + 1)) : before;
  return { base: before, merged: brought ?? single };
}

/** What of the numbers of tokens and rows contradicts each other, before a model is made whose last tokens nobody trained. */
export function rowProblems(look: AdapterLook): Omit<PlanProblem, 'at'>[] {
  const { base, merged } = rowsOf(look);
  const { tokens } = look;
  if (base === null || merged === null) return [];
  if (tokens !== null && tokens > merged)
    return [{ message: `the adapter's tokenizer has ${tokens} tokens, and there are rows for ${merged} in the embedding`, fix: saveRows }];
  const matrices = look.isTied ? (['embedding'] as const) : (['embedding', 'output'] as const);
  return matrices.flatMap((which) => {
    const isIt = which === 'embedding' ? isEmbeddingModule : isOutputModule;
    const rows = broughtRows(look, isIt);
    if (rows !== null && rows !== merged)
      return [
        { message: `the adapter's embedding has ${merged} rows and its output ${rows}: the two are not of one tokenizer`, fix: saveRows },
      ];
    const missing = rows === null ? firstUntrained(look, isIt, base, merged) : null;
    if (missing === null) return [];
    return [{ message: `token ${missing} is new, and the adapter has no row for it in the ${which}`, fix: saveRows }];
  });
}

const saveRows =
  'save the adapter with `save_embedding_layers=True`, or train the new tokens in embedding and output (`modules_to_save`, `trainable_token_indices`)';

/** Tokens whose rows were trained alone. A list by itself is about the embedding. */
export function rowsByModule({ tokenRows }: LoraParams): Record<string, number[]> {
  return Array.isArray(tokenRows) ? { embed_tokens: tokenRows } : (tokenRows ?? {});
}

/** Rows of a matrix that the adapter brings as a whole, or has factors for. */
function broughtRows({ tensors }: AdapterLook, isIt: (module: string) => boolean): number | null {
  const tensor = tensors.find(
    ({ part, module, parameter, isEmbedding }) =>
      isIt(module) && ((part === 'whole' && parameter === 'weight') || (part === 'A' && isEmbedding)),
  );
  return tensor?.shape[tensor.part === 'whole' ? 0 : 1] ?? null;
}

function firstUntrained({ lora }: AdapterLook, isIt: (module: string) => boolean, base: number, merged: number): number | null {
  const trained = new Set(Object.entries(rowsByModule(lora)).flatMap(([module, rows]) => (isIt(module) ? rows : [])));
  for (let row = base; row < merged; row++) if (!trained.has(row)) return row;
  return null;
}
