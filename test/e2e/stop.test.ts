import '../support/own-machine.ts';
import { describe, expect, test, vi } from 'vitest';
import { type FakeLab, fakeLab } from '../support/fake-lab.ts';
import type { Misbehaviour } from '../support/fake-tools.ts';
import { substance } from '../support/lab.ts';
import { groupLives } from '../support/process.ts';

/** Aborts while a tool hangs, and says how long the run took to end. */
async function stopIn(lab: FakeLab, rule: Misbehaviour) {
  lab.fakes.misbehave({ ...rule, until: 'never' });
  const stop = new AbortController();
  const running = lab.run({}, { signal: stop.signal });
  const call = await lab.fakes.hasBegun(rule.at);
  const aborted = performance.now();
  stop.abort();
  const ran = await running;
  lab.fakes.misbehave();
  return { ran, call, seconds: (performance.now() - aborted) / 1000 };
}

describe('stopping', () => {
  const tools: [what: string, rule: Misbehaviour][] = [
    ['a tool', { at: 'quantize:Q4_K_M' }],
    ['a converter with a child of its own', { at: 'convert', child: true }],
    ['a tool that pays no heed to SIGTERM', { at: 'imatrix', deaf: true, child: true }],
    ['a benchmark', { at: 'bench' }],
  ];
  test.each(tools)('%s takes less than 2 s, leaves no process, and the next run finishes', async (_what, rule) => {
    using lab = fakeLab();
    const { ran, call, seconds } = await stopIn(lab, rule);
    expect(ran.result.stopped).toBe(true);
    expect(seconds).toBeLessThan(2);
    await vi.waitUntil(() => !groupLives(call.pid), { timeout: 1000 });
    expect(ran.ended('failed')).toEqual([]);
    const next = await lab.run();
    expect(next.ended('made')).toEqual(ran.ran);
    expect([...next.ran, ...next.ended('made')]).toHaveLength(next.plan.tasks.length);
    using undisturbed = fakeLab();
    expect(substance(next)).toEqual(substance(await undisturbed.run()));
  });

  test('before the start starts nothing', async () => {
    using lab = fakeLab();
    const { result } = await lab.run({}, { signal: AbortSignal.abort() });
    expect(result.stopped).toBe(true);
    expect(lab.fakes.calls()).toEqual([]);
  });

  test('while another run makes the same ends the wait only', async () => {
    using lab = fakeLab({ quants: ['Q4_K_M'], bench: 'none' });
    lab.fakes.misbehave({ at: 'convert', until: 'go' });
    const one = lab.run();
    await lab.fakes.hasBegun('convert');
    const stop = new AbortController();
    const other = lab.run({}, { signal: stop.signal, onEvent: (event) => void (event.type === 'task-wait' && stop.abort()) });
    expect((await other).result.stopped).toBe(true);
    lab.fakes.release('go');
    expect((await one).ended('failed')).toEqual([]);
    expect(lab.fakes.called().filter((about) => about === 'convert')).toHaveLength(1);
  });
});
