import { expect, test } from 'vitest';
import { tensorBytes } from '../../src/gguf/types.ts';
import { publishedBands } from '../../src/published/bands.ts';
import { ShapeFile } from '../../src/published/shape-file.ts';
import { typicalShapes } from '../../src/recommend/typical-shapes.ts';
import { recordedSizes } from '../../src/recommend/typical-sizes.ts';
import type { Quantization } from '../../src/tools/quantize.ts';
import { realTools } from '../support/real-lab.ts';

/** What `qpipe recommend --params` goes by. To record it anew: `npx vitest run --project real test/real/typical-sizes.test.ts -u`. */
test('the recorded sizes are those that llama-quantize announces today', async () => {
  const tools = await realTools(false);
  const known = new Set(publishedBands().map(({ type }) => type));
  const types = ['F16', ...tools.types.flatMap(({ name, aliasOf }) => (aliasOf === null && known.has(name) ? [name] : []))];
  const sizes: Record<string, Record<string, number>> = {};
  for (const [name, shape] of Object.entries(typicalShapes)) {
    using file = new ShapeFile(shape, tools, new AbortController().signal);
    const entries: [string, number][] = [];
    for (const type of types) entries.push([type, bytesOf(await file.dryRun({ type, imatrix: true, pure: false, leaveOutput: false }))]);
    sizes[name] = Object.fromEntries(entries);
  }
  await expect(`${JSON.stringify(sizes, null, 2)}\n`).toMatchFileSnapshot(recordedSizes);
}, 300_000);

function bytesOf({ tensors }: Quantization): number {
  return tensors.reduce((total, { to, shape }) => total + (tensorBytes(to, shape) ?? Number.NaN), 0);
}
