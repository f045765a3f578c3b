import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Stopped } from '../../../src/errors.ts';
import { writeBeside } from '../../../src/texts/beside.ts';
import { workspace } from '../../support/workspace.ts';

describe('writeBeside', () => {
  test('shows nothing under the name before all is written', async () => {
    using space = workspace();
    let seen: string[] = [];
    async function* bytes() {
      yield Buffer.from('one ');
      seen = readdirSync(space.root);
      yield Buffer.from('two');
    }
    await writeBeside(space.path('text.txt'), bytes());
    expect(seen).toHaveLength(1);
    expect(seen).not.toContain('text.txt');
    expect(readdirSync(space.root)).toEqual(['text.txt']);
    expect(space.read('text.txt')).toBe('one two');
  });

  test('two at a time for one name give a whole text', async () => {
    using space = workspace();
    async function* bytes() {
      for (let i = 0; i < 100; i++) yield Buffer.from('all the same. ');
    }
    await Promise.all([writeBeside(space.path('t'), bytes()), writeBeside(space.path('t'), bytes())]);
    expect(space.read('t')).toBe('all the same. '.repeat(100));
    expect(readdirSync(space.root)).toEqual(['t']);
  });

  test('a stop in the middle leaves nothing and closes what it reads', async () => {
    using space = workspace();
    const stop = new AbortController();
    let closed = false;
    async function* bytes() {
      try {
        yield Buffer.from('one');
        stop.abort();
        yield Buffer.from('two');
      } finally {
        closed = true;
      }
    }
    await expect(writeBeside(space.path('t'), bytes(), stop.signal)).rejects.toThrow(Stopped);
    expect(readdirSync(space.root)).toEqual([]);
    await expect.poll(() => closed).toBe(true);
  });

  test('what the bytes throw arrives, and nothing is left', async () => {
    using space = workspace();
    async function* bytes() {
      yield Buffer.from('one');
      throw new Error('mine');
    }
    await expect(writeBeside(space.path('t'), bytes())).rejects.toThrow('mine');
    expect(readdirSync(space.root)).toEqual([]);
  });
});
