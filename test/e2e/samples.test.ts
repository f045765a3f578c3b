import '../support/own-machine.ts';
import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fakeLab } from '../support/fake-lab.ts';
import { samplesSuite } from '../support/samples-suite.ts';

samplesSuite('samples on stand-ins', async () => fakeLab());

const asking = {
  quants: ['Q8_0'],
  imatrix: 'none',
  evaluate: 'none',
  bench: 'none',
  samples: { prompts: ['Why is the sky blue?', 'Why?'], tokens: 40 },
};

test('a log without its end is asked for again, and said to be', async () => {
  using lab = fakeLab(asking);
  lab.fakes.misbehave({ at: 'samples:Q8_0', loseFinal: true, times: 2 });
  const { events, row } = await lab.run();
  const retries = events.flatMap((event) => (event.type === 'task-retry' ? [event.reason] : []));
  expect(retries).toEqual(Array(2).fill('llama-completion ended after 13 tokens without a whole log'));
  expect(row('Q8_0').samples).toHaveLength(2);
});

test('one that never comes is not believed: that row has no samples and says why', async () => {
  using lab = fakeLab(asking);
  lab.fakes.misbehave({ at: 'samples:Q8_0', noFile: true });
  const { row } = await lab.run();
  expect(row('Q8_0').samples).toBeUndefined();
  expect(row('Q8_0').notMeasured.samples).toBe('llama-completion ended after 0 tokens without a whole log');
  expect(row('base').samples).toHaveLength(2);
});

test('without answers of the base nothing is compared', async () => {
  using lab = fakeLab(asking);
  lab.fakes.misbehave({ at: 'samples:F16', exit: 1 });
  const { row } = await lab.run();
  expect(row('base').notMeasured.samples).toBe('llama-completion failed with exit code 1');
  expect(row('Q8_0').samples?.every((answer) => !('firstDifference' in answer))).toBe(true);
});

test('what repeats itself or does not end is marked', async () => {
  using lab = fakeLab(asking);
  lab.fakes.misbehave({ at: 'samples:Q8_0', repeat: true, times: 1 }, { at: 'samples:Q8_0', endless: true });
  const { row } = await lab.run();
  expect(row('Q8_0').samples).toMatchObject([
    { repetition: 1 - 1 / 9, marks: ['repeats itself'], firstDifference: { token: 0, character: 0 }, ended: true },
    { tokens: 40, marks: ['does not end'], firstDifference: { token: 12 }, ended: false },
  ]);
});

test('each prompt has a process of its own, alone on the machine, with all of its threads', async () => {
  using lab = fakeLab({ ...asking, tools: { threads: 2 } });
  await lab.run();
  const calls = lab.fakes.calls().filter(({ about }) => about.startsWith('samples:'));
  expect(calls.map(({ about }) => about)).toEqual(['samples:F16', 'samples:F16', 'samples:Q8_0', 'samples:Q8_0']);
  for (const [i, call] of calls.entries()) expect(call.start).toBeGreaterThanOrEqual(calls[i - 1]?.end ?? 0);
  expect(calls.map(({ threads }) => threads)).toEqual([2, 2, 2, 2]);
});

test('a file whose samples failed has not passed', async () => {
  using lab = fakeLab({ ...asking, quants: ['Q8_0', 'Q2_K'], keep: 'passed' });
  lab.fakes.misbehave({ at: 'samples:Q8_0', exit: 1 });
  const { plan } = await lab.run();
  const published = readdirSync(lab.workspace.path('out', plan.pipeline)).filter((name) => name.endsWith('.gguf'));
  expect(published.sort()).toEqual(['Tiny-F16.gguf', 'Tiny-Q2_K.gguf']);
});
