import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { capture } from '../spawn.ts';
import type { QuantType } from '../tools/llama-cpp.ts';
import { saysNeedsImatrix } from '../tools/quantize.ts';
import { tinyGguf } from './tiny-gguf.ts';

/** Asks llama-quantize, by a dry run over a tiny model for each type, which ones it refuses to make without an importance matrix. */
export async function typesNeedingImatrix(quantize: string, types: QuantType[]): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'qpipe-types-'));
  try {
    writeFileSync(join(folder, 'tiny.gguf'), tinyGguf());
    const needing: string[] = [];
    for (const { name } of types.filter(({ aliasOf, ftype }) => aliasOf === null && ftype !== null)) {
      const { stdout, stderr } = await capture(quantize, ['--dry-run', 'tiny.gguf', name, '1'], { cwd: folder, timeoutMs: 60_000 });
      if (saysNeedsImatrix(`${stderr}\n${stdout}`)) needing.push(name);
    }
    return needing;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
