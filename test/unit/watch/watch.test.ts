import { describe, expect, test } from 'vitest';
import { Failure, Stopped, UserError } from '../../../src/errors.ts';
import type { Memory } from '../../../src/watch/memory.ts';
import type { Sight } from '../../../src/watch/sight.ts';
import { type RunEnd, type Watched, watchForever, watchOnce } from '../../../src/watch/watch.ts';

const day = Date.parse('2026-01-01T02:30:00Z');
const minute = 60_000;
const commit = (digit: string) => digit.repeat(40);
const seen = (digit: string, content = digit): Sight => ({ 'me/adapter@main': { at: commit(digit), content } });

/** Each look sees the next of these, or fails with it; the last one for ever. */
interface Plot {
  looks: (Sight | Error)[];
  runs?: (RunEnd | Error)[];
  memory?: Memory | null;
}

/** A pipeline and a clock that belong to the test: time passes in pauses only. */
function stage({ looks, runs = [{ exitCode: 0, ended: true }], memory = null }: Plot, pauses = 0) {
  const said: string[] = [];
  const waits: number[] = [];
  const told = { memory, looked: 0, ran: 0, before: [] as Sight[], failures: [] as string[] };
  const at = <T>(list: T[], i: number) => list[Math.min(i, list.length - 1)] as T;
  const orThrow = <T>(value: T | Error): T => {
    if (value instanceof Error) throw value;
    return value;
  };
  const watched: Watched = {
    name: 'nightly',
    recall: () => told.memory,
    remember: (next) => {
      told.memory = { version: 1, ...next };
    },
    look: async (before) => {
      told.before.push(before);
      return orThrow(at(looks, told.looked++));
    },
    run: async () => orThrow(at(runs, told.ran++)),
    tellFailure: async (thrown) => void told.failures.push((thrown as Error).message),
  };
  let time = day;
  const patience = {
    everyMs: 15 * minute,
    now: () => new Date(time),
    say: (sentence: string) => said.push(sentence),
    pause: async (ms: number) => {
      if (waits.length >= pauses) throw new Stopped();
      waits.push(ms);
      time += ms;
    },
  };
  return { watched, patience, said, waits, told };
}

describe('one look', () => {
  test('runs what was never run', async () => {
    const { watched, patience, told, said } = stage({ looks: [seen('a')] });
    expect(await watchOnce([watched], patience)).toBe(0);
    expect(told.ran).toBe(1);
    expect(told.memory).toMatchObject({ sight: seen('a'), ended: true, exitCode: 0 });
    expect(said[0]).toBe('nightly: a run begins: it was not run by a watch before');
  });

  const known: Memory = { version: 1, sight: seen('a'), ended: true, exitCode: 1, at: '2026-01-01T02:00:00.000Z' };

  test('runs nothing when nothing changed, and ends as the last run did', async () => {
    const { watched, patience, told, said } = stage({ looks: [seen('a')], memory: known });
    expect(await watchOnce([watched], patience)).toBe(1);
    expect(told.ran).toBe(0);
    expect(said).toEqual(['nightly: nothing changed since 2026-01-01 02:00 UTC; that run ended with 1']);
  });

  test('runs nothing for a commit that changed nothing, and does not ask for its files again', async () => {
    const { watched, patience, told } = stage({ looks: [seen('b', 'a'), seen('b', 'a')], memory: known });
    await watchOnce([watched], patience);
    await watchOnce([watched], patience);
    expect(told.ran).toBe(0);
    expect(told.before[1]).toEqual(seen('b', 'a'));
  });

  test('runs what changed, says what, and ends as it did', async () => {
    const { watched, patience, told, said } = stage({ looks: [seen('b')], memory: known, runs: [{ exitCode: 3, ended: true }] });
    expect(await watchOnce([watched], patience)).toBe(3);
    expect(told.ran).toBe(1);
    expect(said[0]).toBe('nightly: a run begins: me/adapter@main: aaaaaaaaaaaa to bbbbbbbbbbbb');
  });

  test('at several ends as the worst: what failed weighs more than what cannot be judged', async () => {
    const judged = stage({ looks: [seen('a')], runs: [{ exitCode: 3, ended: true }] });
    const failed = stage({ looks: [seen('a')], runs: [{ exitCode: 1, ended: true }] });
    expect(await watchOnce([failed.watched, judged.watched], judged.patience)).toBe(1);
  });

  test('runs again what did not come to its end, be it that it failed or was killed', async () => {
    const { watched, patience, told, said } = stage({ looks: [seen('a')], memory: { ...known, ended: false } });
    await watchOnce([watched], patience);
    expect(told.ran).toBe(1);
    expect(said[0]).toContain('the last run did not come to its end');
  });

  test('that fails is said, with the exit code of such a failure', async () => {
    const { watched, patience, said, told } = stage({ looks: [new Failure('the Hub is in trouble')] });
    expect(await watchOnce([watched], patience)).toBe(1);
    expect(said).toEqual(['nightly: the Hub is in trouble']);
    expect(told.failures).toEqual(['the Hub is in trouble']);
    expect(await watchOnce([stage({ looks: [new UserError('no such repo')] }).watched], patience)).toBe(2);
  });

  test('remembers a run that begins as one that has not ended: a machine may lose its power', async () => {
    const { watched, patience, told } = stage({ looks: [seen('a')], runs: [new Stopped()] });
    await expect(watchOnce([watched], patience)).rejects.toThrow(Stopped);
    expect(told.memory).toMatchObject({ sight: seen('a'), ended: false });
  });
});

describe('a watch', () => {
  test('looks at its interval, runs once for each change, and says what it waits for', async () => {
    const stayed = stage({ looks: [seen('a'), seen('a'), seen('b'), seen('b')] }, 4);
    await expect(watchForever([stayed.watched], stayed.patience)).rejects.toThrow(Stopped);
    expect(stayed.told.ran).toBe(2);
    expect(stayed.waits).toEqual([0, 15 * minute, 15 * minute, 15 * minute]);
    expect(stayed.said.at(-1)).toMatch(/^nightly: next look at \d\d:\d\d, in 15 min; it waits for me\/adapter@main$/);
  });

  test('goes on after any failure, more and more slowly, and at its usual pace when it is over', async () => {
    const trouble = new Failure('the Hub is in trouble');
    const stayed = stage({ looks: [trouble, trouble, new TypeError('a bug'), seen('a'), seen('a')] }, 6);
    await expect(watchForever([stayed.watched], stayed.patience)).rejects.toThrow(Stopped);
    expect(stayed.waits).toEqual([0, 30, 60, 120, 15, 15].map((minutes) => minutes * minute));
    expect(stayed.said).toContain('nightly: the Hub is in trouble');
    // Whom it concerns hears of it once.
    expect(stayed.told.failures).toEqual(['the Hub is in trouble']);
    expect(stayed.told.ran).toBe(1);
  });

  test('never waits longer than a day', async () => {
    const stayed = stage({ looks: [new Failure('gone')] }, 20);
    await expect(watchForever([stayed.watched], stayed.patience)).rejects.toThrow(Stopped);
    expect(Math.max(...stayed.waits)).toBe(24 * 60 * minute);
  });

  test('tries again a run that broke off, and not one that a gate failed', async () => {
    const runs = [
      { exitCode: 1, ended: false },
      { exitCode: 1, ended: true },
    ];
    const stayed = stage({ looks: [seen('a')], runs }, 4);
    await expect(watchForever([stayed.watched], stayed.patience)).rejects.toThrow(Stopped);
    expect(stayed.told.ran).toBe(2);
    expect(stayed.waits).toEqual([0, 30, 15, 15].map((minutes) => minutes * minute));
  });

  test('of several keeps each at its own pace', async () => {
    const well = stage({ looks: [seen('a')] }, 0);
    const stayed = stage({ looks: [new Failure('gone')] }, 5);
    await expect(watchForever([stayed.watched, well.watched], stayed.patience)).rejects.toThrow(Stopped);
    expect([stayed.told.looked, well.told.looked]).toEqual([2, 3]);
  });
});
