import { expect, test, vi } from 'vitest';
import { lookForTools } from '../../../src/setup/look-for-tools.ts';
import { makeBuild } from '../../../src/setup/make-build.ts';
import { readVendored } from '../../../src/setup/pin.ts';
import { buildMachine } from '../../support/build-machine.ts';

const vendored = readVendored();
const order = { checkout: '/nowhere', digest: null, cmake: [], python: null };
const wanted = { path: null, cmake: [], python: null, needConverter: false, offline: false };

test('a native build that works is recorded and found', async () => {
  const { site, events } = buildMachine();
  const record = await makeBuild(vendored, order, site);
  expect(record).toMatchObject({ version: '0.5.0-dev (build 1, commit de3ff81)', build: { kind: 'native' }, selfTest: { passed: true } });
  expect(events).toContainEqual(expect.objectContaining({ type: 'step', name: 'build', done: 1, total: 1 }));
  expect(await lookForTools(wanted)).toMatchObject({ tools: { origin: 'cache', build: { id: record.build.id } } });
});

test('a native build that crashes is followed by the portable one, which says so and is found from then on', async () => {
  const { site, events } = buildMachine({ dying: 'ON' });
  const record = await makeBuild(vendored, order, site);
  expect(record.build.kind).toBe('portable');
  expect(events).toContainEqual({
    type: 'note',
    sentence: expect.stringContaining('crashed in its self-test (llama-bench, F16, SIGSEGV)'),
  });
  expect(await lookForTools(wanted)).toMatchObject({ tools: { build: { id: record.build.id, kind: 'portable' } } });
  events.length = 0;
  await makeBuild(vendored, order, site);
  expect(events.filter((event) => event.type === 'step')).toEqual([]);
});

test('when the portable build crashes too, there is a way out to name', async () => {
  const { site } = buildMachine({ dying: 'O' });
  await expect(makeBuild(vendored, order, site)).rejects.toThrow(/llama-bench died by SIGSEGV with F16; .*QPIPE_LLAMA_CPP/);
});

test('the finished build is found when the compiler is gone', async () => {
  const { site } = buildMachine();
  const record = await makeBuild(vendored, order, site);
  vi.stubEnv('PATH', '/nowhere');
  expect(await lookForTools(wanted)).toMatchObject({ tools: { build: { id: record.build.id } } });
});

test('without a compiler the message names the command', async () => {
  const { site } = buildMachine();
  vi.stubEnv('PATH', '/nowhere');
  await expect(makeBuild(vendored, order, site)).rejects.toThrow('building llama.cpp needs a C++ compiler, and none was found');
});
