import { readFileSync, statSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { readTorchWeights } from '../../../src/gguf/torch-weights.ts';
import type { Hub } from '../../../src/hub/hub.ts';
import type { HubFile } from '../../../src/hub/repo.ts';
import { standIn } from '../../../src/sources/stand-in.ts';
import { table, tensor, torchBytes } from '../../support/torch-bytes.ts';
import { workspace } from '../../support/workspace.ts';

const kb = 1024;

/** A file of pickled weights on the Hub, of which only pieces are asked for. */
async function standInFor(tensors: number): Promise<{ path: string; asked: number; whole: Buffer }> {
  const folder = workspace();
  onTestFinished(() => folder[Symbol.dispose]());
  const entries = Array.from({ length: tensors }, (_, i) => [`model.layers.${i}.weight`, tensor('HalfStorage', 8, 4)]);
  const whole = Buffer.concat([torchBytes(table(Object.fromEntries(entries))), Buffer.alloc(4000 * kb, 1)]);
  let asked = 0;
  const readRange: Hub['readRange'] = async (_tree, _file, { start, end }) => {
    asked += end - start;
    return whole.subarray(start, end);
  };
  const file: HubFile = { path: 'pytorch_model.bin', size: whole.length, oid: '', sha256: '' };
  const tree = { repo: { type: 'model' as const, name: 'owner/name' }, commit: '', files: [file] };
  const path = folder.path('pytorch_model.bin');
  await standIn({ hub: { readRange } as unknown as Hub, tree, file, path });
  return { path, asked, whole };
}

test.each([
  ['that begins the file', 100, 256 * kb],
  ['that is longer than the first piece', 5000, 2048 * kb],
])('pickled weights are stood in for by their table %s, and the file has their size', async (_what, tensors, most) => {
  const { path, asked, whole } = await standInFor(tensors);
  expect(readTorchWeights(path).tensors).toHaveLength(tensors);
  expect(statSync(path).size).toBe(whole.length);
  expect(asked).toBeLessThanOrEqual(most);
  expect(readFileSync(path).at(-1)).toBe(0);
});
