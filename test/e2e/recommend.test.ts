import '../support/own-machine.ts';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { resultsSchema } from '../../src/results/schema.ts';
import { fakeLab, small } from '../support/fake-lab.ts';

test('a pipeline that names devices has its answers in results and reports', async () => {
  using lab = fakeLab({
    recommend: ['here', { device: 'pi-5-4gb', prefer: 'quality' }, { device: { memory: '4MiB', reserve: '0.5MiB' } }],
  });
  const { results } = await lab.run();
  const saved = resultsSchema.parse(JSON.parse(readFileSync(lab.workspace.path('out/tiny/results.json'), 'utf8')));
  expect(saved.shape).toMatchObject({ architecture: 'llama', layers: 2 });
  expect(saved.recommendations).toEqual(results.recommendations);
  expect(results.recommendations).toMatchObject([
    { pick: expect.any(String), prefer: 'balanced' },
    { device: 'Raspberry Pi 5, 4 GB', pick: expect.any(String), prefer: 'quality' },
    { pick: null, sentence: expect.stringMatching(/^Nothing fits a device with 4MiB: .* too large/) },
  ]);
  const report = readFileSync(lab.workspace.path('out/tiny/report.md'), 'utf8');
  expect(report).toContain('- For Raspberry Pi 5, 4 GB: ');
});

test('a run that made everything before answers for another device', async () => {
  using lab = fakeLab(small);
  expect((await lab.run()).results.recommendations).toBeUndefined();
  const again = await lab.run({ recommend: 'laptop-8gb' });
  expect(again.ran).toEqual([]);
  expect(again.results.recommendations).toMatchObject([{ device: 'laptop, 8 GB' }]);
});
