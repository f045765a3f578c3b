import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Failure, Stopped, UserError } from '../../../src/errors.ts';
import { extractColumn } from '../../../src/texts/column.ts';
import { type Workspace, workspace } from '../../support/workspace.ts';

const fixtures = join(import.meta.dirname, '../../fixtures/texts');
const written = readdirSync(fixtures).filter((name) => /^documents-.*\.parquet$/.test(name));

describe('extractColumn', () => {
  test.each(written)('reads what Python wrote: %s', async (name) => {
    using space = workspace();
    await extractColumn(join(fixtures, name), 'text', space.path('text.txt'));
    expect(readFileSync(space.path('text.txt'))).toEqual(readFileSync(join(fixtures, 'documents.txt')));
  });

  test('gives lines back as they were before they became rows', async () => {
    using space = workspace();
    await extractColumn(join(fixtures, 'lines.parquet'), 'text', space.path('text.txt'));
    expect(readFileSync(space.path('text.txt'))).toEqual(readFileSync(join(fixtures, 'lines.txt')));
  });

  test('reads a page whose header quotes long strings', async () => {
    using space = workspace();
    await extractColumn(join(fixtures, 'long-header.parquet'), 'text', space.path('text.txt'));
    expect(space.read('text.txt')).toBe(`${'a'.repeat(3500)}\n${'b'.repeat(3500)}\n`);
  });

  test('takes the column that is named, not one inside another', async () => {
    using space = workspace();
    await extractColumn(join(fixtures, 'many-columns.parquet'), 'title', space.path('new', 'text.txt'));
    expect(space.read('new/text.txt')).toBe('The title\n');
    await extractColumn(join(fixtures, 'many-columns.parquet'), 'text', space.path('text.txt'));
    expect(space.read('text.txt')).toBe('The text.\n');
  });

  test.each([
    ['messages', 'the column `messages` of FILE holds lists, not text; columns with text: `text`, `title`, `nothing`'],
    ['tags', 'holds lists, not text'],
    ['meta', 'holds structs, not text'],
    ['image', 'holds values of the type BYTE_ARRAY, not text'],
    ['id', 'holds values of the type INT64, not text'],
    ['Text', 'FILE has no column `Text`; columns with text: `text`, `title`, `nothing`'],
    ['meta.text', 'FILE has no column `meta.text`'],
    ['nothing', 'the column `nothing` of FILE holds no text: all its rows are empty'],
  ])('refuses the column %s', async (column, message) => {
    using space = workspace();
    const file = join(fixtures, 'many-columns.parquet');
    const thrown = await thrownBy(extractColumn(file, column, space.path('text.txt')));
    expect(thrown).toBeInstanceOf(UserError);
    expect(thrown).toHaveProperty('message', expect.stringContaining(message.replace('FILE', file)));
    expect(readdirSync(space.root)).toEqual([]);
  });

  test('refuses what is no parquet file', async () => {
    using space = workspace();
    const refusal = (content: string) => thrownBy(extractColumn(space.write('a.parquet', content), 'text', space.path('t')));
    expect(String(await refusal('plain text'))).toMatch(/^UserError: \S+ is not a parquet file: /);
    expect(String(await refusal(''))).toMatch(/^UserError: \S+ is not a parquet file: /);
    expect(String(await refusal('PARE...PARE'))).toMatch(/^UserError: \S+ is an encrypted parquet file: /);
  });

  test('notices a changed byte of a page with a checksum', async () => {
    using space = workspace();
    const bytes = readFileSync(join(fixtures, 'documents-checksums.parquet'));
    const middle = 600;
    bytes.writeUInt8(bytes.readUInt8(middle) ^ 1, middle);
    const thrown = await thrownBy(extractColumn(space.write('a.parquet', bytes), 'text', space.path('text.txt')));
    expect(thrown).toBeInstanceOf(Failure);
    expect(String(thrown)).toContain('checksum');
    expect(readdirSync(space.root)).toEqual(['a.parquet']);
  });

  test('a file cut anywhere fails with one sentence', async () => {
    using space = workspace();
    const whole = readFileSync(join(fixtures, 'lines.parquet'));
    for (let size = 0; size < whole.length; size += 5) expect(await outcomeOf(whole.subarray(0, size), space)).toMatch(sentence);
  });

  test.each(['lines.parquet', 'many-columns.parquet', 'documents-delta.parquet'])(
    'damage anywhere in %s gives a text or one sentence',
    async (name) => {
      using space = workspace();
      const whole = readFileSync(join(fixtures, name));
      for (let at = 0; at < whole.length; at += Math.ceil(whole.length / 100)) {
        const damaged = Buffer.concat([whole.subarray(0, at), Buffer.of(~whole.readUInt8(at)), whole.subarray(at + 1)]);
        expect(await outcomeOf(damaged, space)).toMatch(new RegExp(`^text|${sentence.source}`));
      }
    },
  );

  test('a damaged number of parts does not keep it busy for ever', async () => {
    using space = workspace();
    const bytes = readFileSync(join(fixtures, 'many-columns.parquet'));
    // The struct in the list has two parts; 5 is how -3 is written.
    const at = bytes.indexOf('element\x15\x04') + 'element\x15'.length;
    bytes.writeUInt8(5, at);
    expect(await outcomeOf(bytes, space)).toMatch(new RegExp(`^text|${sentence.source}`));
  });

  test('stops, and leaves nothing', async () => {
    using space = workspace();
    const stopped = extractColumn(join(fixtures, 'lines.parquet'), 'text', space.path('text.txt'), AbortSignal.abort());
    await expect(stopped).rejects.toThrow(Stopped);
    expect(readdirSync(space.root)).toEqual([]);
  });

  test('a file that is not there is an error of the system', async () => {
    using space = workspace();
    expect(await thrownBy(extractColumn(space.path('none'), 'text', space.path('t')))).toHaveProperty('code', 'ENOENT');
  });
});

const sentence = /^(UserError|Failure): [^\n]+$/;

async function outcomeOf(bytes: Buffer, space: Workspace): Promise<string> {
  const thrown = await thrownBy(extractColumn(space.write('a.parquet', bytes), 'text', space.path('text.txt')));
  return thrown === null ? 'text' : String(thrown);
}

async function thrownBy(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => null,
    (thrown) => thrown,
  );
}
