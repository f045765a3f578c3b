import { expect, test } from 'vitest';
import { gateReferences } from '../../../src/cli/gate-references.ts';
import { loadPipelineText } from '../../../src/pipeline/load.ts';
import { workspace } from '../../support/workspace.ts';

test.each(['nightly', './out/nightly', './out/nightly/results.json'])("a pipeline's own newest run (%s) is no reference for it", (vs) => {
  using space = workspace();
  const gates = [{ metric: 'loss', vs, maxIncrease: '1%' }];
  const written = { name: 'nightly', model: { path: './base' }, quants: 'Q8_0', evaluate: { text: './text.txt', chunks: 16 }, gates };
  const loaded = loadPipelineText(JSON.stringify(written), { file: null, folder: space.root });
  const { problems } = gateReferences(loaded.pipeline as NonNullable<typeof loaded.pipeline>, space.path('out'));
  expect(problems).toEqual([expect.objectContaining({ at: '/gates/0/vs', fix: 'write `lastGood`, `firstGood` or the id of a run' })]);
});
