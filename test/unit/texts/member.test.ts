import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Failure, Stopped, UserError } from '../../../src/errors.ts';
import { extractMember } from '../../../src/texts/member.ts';
import { type Workspace, workspace } from '../../support/workspace.ts';
import { type ZipMember, zipBytes } from '../../support/zip.ts';

const fixtures = join(import.meta.dirname, '../../fixtures/texts');
const text = 'The quick brown fox. '.repeat(50);
const member: ZipMember = { name: 'folder/text.txt', content: text };

describe('extractMember', () => {
  test.each(['deflated.zip', 'stored.zip', 'streamed-zip64.zip'])('reads what Python wrote: %s', async (name) => {
    using space = workspace();
    await extractMember(join(fixtures, name), 'story/second.txt', space.path('text.txt'));
    expect(space.read('text.txt')).toBe('The second text. '.repeat(20));
  });

  test.each([
    ['deflated', {}],
    ['stored', { method: 0 }],
    ['zip64', { zip64: true }],
    ['zip64, stored', { zip64: true, method: 0 }],
    ['empty', { content: '' }],
    ['of bytes that are no UTF-8', { content: Buffer.from([0, 0xff, 0xfe, 10]) }],
    ['with a name in another script', { name: 'тексты/текст.txt' }],
    ['packed on Windows', { name: 'folder/text.txt', written: 'folder\\text.txt' }],
  ])('gives the bytes of a member %s', async (_what, { written, ...change }: Partial<ZipMember> & { written?: string }) => {
    using space = workspace();
    const asked = { ...member, ...change };
    const zip = space.write(
      'a.zip',
      zipBytes([
        { name: 'before', content: 'x' },
        { ...asked, name: written ?? asked.name },
      ]),
    );
    await extractMember(zip, asked.name, space.path('new', 'folder', 'text.txt'));
    expect(readFileSync(space.path('new', 'folder', 'text.txt'))).toEqual(Buffer.from(asked.content as string));
  });

  test('uses no name of the archive as a path', async () => {
    using space = workspace();
    const names = ['../outside.txt', '/absolute.txt', 'C:/drive.txt', 'folder/text.txt'];
    const zip = space.write('in/a.zip', zipBytes(names.map((name) => ({ name, content: name }))));
    for (const name of names) {
      await extractMember(zip, name, space.path('in', 'text.txt'));
      expect(space.read('in/text.txt')).toBe(name);
    }
    expect(filesOf(space)).toEqual(['in', 'in/a.zip', 'in/text.txt']);
  });

  test('names the members there are when it does not find one, the likeliest first', async () => {
    using space = workspace();
    const names = ['LICENSE', 'raw/', 'raw/wiki.valid.raw', 'raw/wiki.test.raw', 'a', 'b', 'bad\u001b[31m'];
    const zip = space.write('a.zip', zipBytes(names.map((name) => ({ name, content: 'x' }))));
    await expect(extractMember(zip, 'wiki.tset.raw', space.path('t'))).rejects.toThrow(
      new UserError(
        `${zip} has no member \`wiki.tset.raw\`; it has \`raw/wiki.test.raw\`, \`raw/wiki.valid.raw\`, \`LICENSE\`, \`a\`, \`b\` and 1 more`,
      ),
    );
    await expect(extractMember(zip, 'raw/', space.path('t'))).rejects.toThrow('has no member `raw/`');
    await expect(extractMember(zip, 'bad', space.path('t'))).rejects.toThrow('`bad?[31m`');
    await expect(extractMember(space.write('none.zip', zipBytes([])), 'x', space.path('t'))).rejects.toThrow('it has none');
  });

  test.each<[string, ZipMember[], string]>([
    ['an encrypted member', [{ ...member, flags: 1 }], 'is encrypted: unpack it'],
    ['strong encryption', [{ ...member, flags: 0x41 }], 'is encrypted: unpack it'],
    ['another compression', [{ ...member, method: 93 }], 'compressed by method 93'],
    ['a member that is there twice', [member, member], 'two members `folder/text.txt`'],
    ['a bomb', [{ ...member, content: Buffer.alloc(70_000_000) }], 'become 70000000: no text does'],
    ['the claim of a bomb', [{ ...member, size: 2 ** 40, zip64: true }], 'become 1099511627776: no text does'],
  ])('refuses %s', async (_what, members, message) => {
    using space = workspace();
    const zip = space.write('a.zip', zipBytes(members));
    const thrown = await failureOf(zip, space);
    expect(thrown).toBeInstanceOf(UserError);
    expect(thrown).toHaveProperty('message', expect.stringContaining(message));
    expect(filesOf(space)).toEqual(['a.zip']);
  });

  test('refuses what is no zip archive', async () => {
    using space = workspace();
    for (const content of ['', 'PK', 'plain text']) {
      await expect(extractMember(space.write('a.zip', content), 'x', space.path('t'))).rejects.toThrow(/^\S+ is not a zip archive: /);
    }
  });

  test.each<[string, ZipMember, string]>([
    ['other bytes than the checksum', { ...member, crc: 1 }, 'another checksum'],
    ['more bytes than it says', { ...member, size: 10 }, 'too many bytes'],
    ['fewer bytes than it says', { ...member, size: 10_000 }, 'not enough bytes'],
  ])('fails for %s', async (_what, broken, message) => {
    using space = workspace();
    const thrown = await failureOf(space.write('a.zip', zipBytes([broken])), space);
    expect(thrown).toBeInstanceOf(Failure);
    expect(thrown).toHaveProperty('message', expect.stringContaining(message));
    expect(filesOf(space)).toEqual(['a.zip']);
  });

  test('an archive cut or damaged anywhere gives the text or one sentence', async () => {
    using space = workspace();
    const whole = zipBytes([{ ...member, content: 'Short text.', zip64: true }]);
    const places = [...whole.keys()].filter((at) => at % 2 === 0);
    const cut = places.map((size) => whole.subarray(0, size));
    const changed = places.map((at) => Buffer.concat([whole.subarray(0, at), Buffer.of(~whole.readUInt8(at)), whole.subarray(at + 1)]));
    for (const bytes of cut) expect(await outcomeOf(bytes, space)).toMatch(sentence);
    for (const bytes of changed) expect(await outcomeOf(bytes, space)).toMatch(new RegExp(`^Short text\\.$|${sentence.source}`));
  });

  test('stops, and leaves nothing', async () => {
    using space = workspace();
    const zip = space.write('a.zip', zipBytes([member]));
    await expect(extractMember(zip, member.name, space.path('text.txt'), AbortSignal.abort())).rejects.toThrow(Stopped);
    expect(filesOf(space)).toEqual(['a.zip']);
  });

  test('a failure leaves the text that was there', async () => {
    using space = workspace();
    space.write('text.txt', 'before');
    await failureOf(space.write('a.zip', zipBytes([{ ...member, crc: 1 }])), space);
    expect(space.read('text.txt')).toBe('before');
  });

  test('an archive that is not there is an error of the system', async () => {
    using space = workspace();
    expect(await failureOf(space.path('none.zip'), space)).toHaveProperty('code', 'ENOENT');
  });
});

const sentence = /^(UserError|Failure): \S+ [^\n]+$/;

async function outcomeOf(bytes: Buffer, space: Workspace): Promise<string> {
  const zip = space.write('a.zip', bytes);
  try {
    await extractMember(zip, member.name, space.path('text.txt'));
    return space.read('text.txt');
  } catch (thrown) {
    return String(thrown);
  }
}

async function failureOf(zip: string, space: Workspace): Promise<unknown> {
  return extractMember(zip, member.name, space.path('text.txt')).then(
    () => null,
    (thrown) => thrown,
  );
}

function filesOf(space: Workspace): string[] {
  return readdirSync(space.root, { recursive: true }).map(String).sort();
}
