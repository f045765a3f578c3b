import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A file of these bytes that lives as long as the test. */
export function temporary(bytes: Buffer | string, name = 'model.gguf'): string {
  const folder = mkdtempSync(join(tmpdir(), 'qpipe-gguf-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
}
