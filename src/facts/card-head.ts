import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What stands between the marks at the top of a model card (README.md), as it is written; null where there is no card or no such head. */
export function headOfCard(folder: string): string | null {
  const card = join(folder, 'README.md');
  const text = existsSync(card) ? readFileSync(card, 'utf8') : '';
  return /^---\r?\n(.*?)\r?\n---(\r?\n|$)/s.exec(text)?.[1] ?? null;
}
