import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { FetchProgress } from '../../../src/hub/hub.ts';
import { Progress } from '../../../src/hub/progress.ts';
import type { HubFile } from '../../../src/hub/repo.ts';

const file: HubFile = { path: 'a', size: 10_000, oid: 'a'.repeat(40), sha256: null };
const other: HubFile = { ...file, path: 'b' };

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

function listen() {
  const said: FetchProgress[] = [];
  return { said, progress: new Progress([file, other], (progress) => said.push(progress)) };
}

describe('progress', () => {
  test('is told ten times a second at most', () => {
    const { said, progress } = listen();
    const watch = progress.watch(file);
    for (let ms = 0; ms < 1000; ms += 10, vi.advanceTimersByTime(10)) watch.came(10);
    expect(said).toHaveLength(10);
  });

  test('is told when a file enters another phase, however soon', () => {
    const { said, progress } = listen();
    const watch = progress.watch(file);
    watch.enter('waiting');
    watch.enter('downloading');
    watch.enter('downloading');
    watch.done();
    expect(said.map(({ phase }) => phase)).toEqual(['waiting', 'downloading', 'done']);
  });

  test('has a rate and a time left once there is half a second to judge by', () => {
    const { said, progress } = listen();
    const watch = progress.watch(file);
    for (let second = 0; second < 4; second++, vi.advanceTimersByTime(1000)) watch.came(1000);
    expect(said.map(({ rate, secondsLeft }) => [rate, secondsLeft])).toEqual([
      [null, null],
      [1000, 18],
      [1000, 17],
      [1000, 16],
    ]);
  });

  test('follows a network that becomes faster', () => {
    const { said, progress } = listen();
    const watch = progress.watch(file);
    for (let second = 0; second < 20; second++, vi.advanceTimersByTime(1000)) watch.came(second < 10 ? 100 : 500);
    expect(said.at(-1)?.rate).toBe(500);
  });

  test('counts what was there as done, and not into the rate', () => {
    const { said, progress } = listen();
    const watch = progress.watch(file);
    watch.kept(9000);
    vi.advanceTimersByTime(1000);
    watch.came(500);
    expect(said.at(-1)).toMatchObject({ bytes: 9500, allBytes: 9500, allSize: 20_000, rate: 500, secondsLeft: 21 });
    expect(progress.received).toBe(500);
  });

  test('goes back when what came was wrong', () => {
    const { said, progress } = listen();
    const watch = progress.watch(file);
    watch.came(10_000);
    watch.startAgain();
    vi.advanceTimersByTime(1000);
    watch.came(1);
    expect(said.at(-1)).toMatchObject({ bytes: 1, allBytes: 1 });
    expect(progress.received).toBe(10_001);
  });

  test('of several files adds up', () => {
    const { said, progress } = listen();
    progress.watch(file).done();
    progress.watch(other).done();
    expect(said.map(({ file: path, bytes, allBytes, secondsLeft }) => [path, bytes, allBytes, secondsLeft])).toEqual([
      ['a', 10_000, 10_000, null],
      ['b', 10_000, 20_000, 0],
    ]);
  });
});
