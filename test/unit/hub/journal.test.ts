import { readFileSync, truncateSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { appendToJournal, type JournalHead, readJournal, writeJournal } from '../../../src/hub/journal.ts';
import { workspace } from '../../support/workspace.ts';

const head: JournalHead = { etag: 'a'.repeat(64), size: 300, segment: 100 };

describe('a journal', () => {
  test('remembers each segment that was written', () => {
    using space = workspace();
    const path = space.path('j');
    writeJournal(path, head, new Map([[0, 11]]));
    appendToJournal(path, 2, 33);
    expect([...readJournal(path, head)]).toEqual([
      [0, 11],
      [2, 33],
    ]);
  });

  test('whose last line was torn says what the others say', () => {
    using space = workspace();
    const path = space.path('j');
    writeJournal(path, head, new Map([[0, 11]]));
    appendToJournal(path, 1, 22);
    truncateSync(path, readFileSync(path).length - 4);
    expect([...readJournal(path, head)]).toEqual([[0, 11]]);
  });

  const others: [what: string, other: JournalHead][] = [
    ['another file', { ...head, etag: 'b'.repeat(64) }],
    ['another size', { ...head, size: 301 }],
    ['other segments', { ...head, segment: 50 }],
  ];
  test.each(others)('of %s says nothing', (_, other) => {
    using space = workspace();
    writeJournal(space.path('j'), other, new Map([[0, 11]]));
    expect(readJournal(space.path('j'), head).size).toBe(0);
  });

  test.each(['', '\0\0\0\0', 'not json\n{"i":0,"c":1}\n'])('that is %j says nothing', (content) => {
    using space = workspace();
    expect(readJournal(space.write('j', content), head).size).toBe(0);
  });
});
