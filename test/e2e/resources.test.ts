import '../support/own-machine.ts';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { fakeLab } from '../support/fake-lab.ts';
import type { Call } from '../support/fake-tools.ts';

describe('threads', () => {
  test.each([1, 2, 3, 5])('of all running tools together are never more than %i, and nearly all are used', async (capacity) => {
    using lab = fakeLab({ bench: 'none' });
    lab.fakes.misbehave(...['imatrix', 'logits', 'quantize:Q8_0', 'quantize:Q4_K_M', 'quantize:Q2_K'].map((at) => ({ at, slow: 200 })));
    const ran = await lab.run({}, { threads: capacity });
    expect(ran.ended('failed')).toEqual([]);
    expect(mostAtOnce(lab.fakes.calls())).toBe(capacity);
  });
});

/** Threads of the calls that ran at the same time, at the worst moment. */
function mostAtOnce(calls: Call[]): number {
  const atStart = (moment: number) => calls.filter(({ start, end }) => start <= moment && (end ?? Number.POSITIVE_INFINITY) > moment);
  return Math.max(...calls.map(({ start }) => atStart(start).reduce((total, { threads }) => total + Math.max(threads, 1), 0)));
}

describe('a benchmark', () => {
  test('runs alone on the machine, also beside a run on another store', async () => {
    using lab = fakeLab();
    lab.fakes.misbehave({ at: 'bench', slow: 30 }, { at: 'quantize:Q2_K', slow: 100 }, { at: 'divergence:Q2_K', slow: 100 });
    const runs = await Promise.all(['out-1', 'out-2'].map((out) => lab.run({}, { out: lab.workspace.path(out) })));
    for (const ran of runs) expect(ran.ended('failed')).toEqual([]);
    const calls = lab.fakes.calls();
    const beside = (bench: Call) =>
      calls.filter((call) => call !== bench && call.start < (bench.end ?? 0) && (call.end ?? 0) > bench.start);
    const benches = calls.filter(({ about }) => about === 'bench');
    expect(benches).toHaveLength(2 * 4 * 2);
    expect(benches.flatMap(beside)).toEqual([]);
  });

  test('takes turns with the other rows, round by round', async () => {
    using lab = fakeLab();
    const { events } = await lab.run();
    const started = events.flatMap((event) => (event.type === 'task-start' && event.task.startsWith('bench') ? [event.task] : []));
    const round = (n: number) => ['Q2_K', 'Q4_K_M', 'Q8_0', 'base'].map((row) => `bench:${row}:${n}`);
    expect([started.slice(0, 4).sort(), started.slice(4).sort()]).toEqual([round(1), round(2)]);
  });

  test('is warmed up once in a run, by a round that does not count', async () => {
    using lab = fakeLab({ bench: { prompt: 8, generate: 4, rounds: 2 } });
    await lab.run();
    expect(lab.fakes.called().filter((about) => about === 'bench')).toHaveLength(1 + 2 * 4);
    await lab.run({ bench: { prompt: 8, generate: 4, rounds: 3 } });
    expect(lab.fakes.called().filter((about) => about === 'bench')).toHaveLength(1 + 2 * 4 + 1 + 4);
  });

  test('that has to wait is told who holds the machine, and by a shared holder of nobody else', async () => {
    using lab = fakeLab();
    const one = await lab.run({}, { out: lab.workspace.path('out-1') });
    lab.fakes.misbehave({ at: 'quantize:Q2_K', until: 'go' });
    const other = lab.run({ bench: 'none' }, { out: lab.workspace.path('out-2') });
    await lab.fakes.hasBegun('quantize:Q2_K');
    const waits: unknown[] = [];
    const waiting = lab.run(
      { bench: { prompt: 9, generate: 4, rounds: 1 } },
      { out: lab.workspace.path('out-1'), onEvent: (event) => void (event.type === 'task-wait' && waits.push(event)) },
    );
    await vi.waitUntil(() => waits.length > 0, { timeout: 30_000 });
    lab.fakes.release('go');
    await Promise.all([other, waiting]);
    expect(one.ended('failed')).toEqual([]);
    // Quantizations hold the machine together; the benchmark that held it last is long gone.
    expect(waits[0]).toMatchObject({ task: expect.stringMatching(/^bench:/), for: 'machine', holder: null });
  });
});

describe('the tools', () => {
  afterEach(() => void vi.unstubAllEnvs());

  test("never see the user's variables that would change a result", async () => {
    for (const name of ['LLAMA_ARG_CACHE_TYPE_K', 'LLAMA_ARG_CTX_SIZE', 'GGML_NUMA', 'OMP_NUM_THREADS', 'PYTHONPATH'])
      vi.stubEnv(name, '1');
    using lab = fakeLab({ quants: ['Q4_K_M'], bench: { prompt: 8, generate: 4, rounds: 1 } });
    await lab.run();
    const seen = lab.fakes.calls().flatMap(({ env }) => Object.keys(env));
    expect(seen.filter((name) => /^(LLAMA_ARG|GGML|OMP|PYTHONPATH)/.test(name))).toEqual([]);
    expect(seen).toContain('PATH');
  });

  test('see relative names only, in a folder of their own', async () => {
    using lab = fakeLab({ quants: ['Q4_K_M'], bench: { prompt: 8, generate: 4, rounds: 1 } });
    await lab.run();
    const calls = lab.fakes.calls();
    expect(calls.filter(({ about }) => about !== 'convert').flatMap(({ args }) => args.filter((arg) => arg.includes('/')))).toEqual([]);
    for (const { cwd } of calls) expect(cwd).toMatch(/\/store\/tmp\/[0-9a-f]{64}\.\w+\/work$/);
  });
});
