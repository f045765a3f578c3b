import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { rememberedDigests, sha256File } from '../../../src/store/digest.ts';
import { workspace } from '../../support/workspace.ts';

const ofAbc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

describe('digests', () => {
  test('are sha256 of the bytes', async () => {
    using space = workspace();
    expect(await sha256File(space.write('f', 'abc'))).toBe(ofAbc);
  });

  test('follow an edit that keeps size and modification time', async () => {
    using space = workspace();
    const digests = rememberedDigests(space.path('statcache'));
    const path = space.write('f', 'abc');
    const past = new Date(Date.now() - 60_000);
    utimesSync(path, past, past);
    const before = await digests.of(path);
    writeFileSync(path, 'abd');
    utimesSync(path, past, past);
    expect((await digests.of(path)).sha256).not.toBe(before.sha256);
  });

  test('survive a torn last line of the memory', async () => {
    using space = workspace();
    space.write('statcache', '["1:2:3:4:5","x"]\n["torn');
    expect(await rememberedDigests(space.path('statcache')).of(space.write('f', 'abc'))).toEqual({ sha256: ofAbc, size: 3 });
  });

  test('of a file that was just written are not remembered: it may change within the resolution of its time stamp', async () => {
    using space = workspace();
    space.write('statcache', '');
    await rememberedDigests(space.path('statcache')).of(space.write('f', 'abc'));
    expect(readFileSync(space.path('statcache'), 'utf8')).toBe('');
  });
});
