import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Manifest } from '../../../src/provenance/manifest.ts';
import type { ReadManifest } from '../../../src/provenance/read-manifest.ts';
import { type FileVerdict, verifyFile } from '../../../src/provenance/verify-file.ts';
import type { Witness } from '../../../src/provenance/witness.ts';
import { floats, ggufBytes, type WrittenValue } from '../../support/gguf-bytes.ts';
import { type Workspace, workspace } from '../../support/workspace.ts';

const keys = { 'qpipe.version': '1', 'qpipe.source': 'aa', 'qpipe.recipe': 'bb', 'qpipe.build': 'cc' };

let space: Workspace;
beforeEach(() => {
  space = workspace();
  return () => space[Symbol.dispose]();
});

/** A model of two tensors; what is said of it in its keys. */
function model(says: Record<string, WrittenValue> = keys, weights = [1, 2, 3, 4]): Buffer {
  return ggufBytes({
    metadata: { 'general.architecture': 'llama', ...says },
    tensors: [
      { name: 'a.weight', shape: [2], data: floats(...weights.slice(0, 2)) },
      { name: 'b.weight', shape: [2], data: floats(...weights.slice(2)) },
    ],
  });
}

function digest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The store's record of a file, whose bytes are there. */
function witness(bytes: Buffer, more: Partial<Witness> = {}): Witness {
  const object = space.write(`cas/${digest(bytes)}`, bytes);
  return { name: null, sha256: digest(bytes), says: keys, where: 'the record of quantize:Q4_K_M', object, ...more };
}

function verdict(name: string, bytes: Buffer, witnesses: Witness[], beside: ReadManifest | null = null): Promise<FileVerdict> {
  return verifyFile(space.write(name, bytes), { witnesses, beside });
}

describe('a file', () => {
  test('that the store has made is what it says', async () => {
    expect(await verdict('x.gguf', model(), [witness(model())])).toMatchObject({
      verdict: 'is-what-it-says',
      says: keys,
      difference: null,
    });
  });

  test('of others says nothing, and its structure is all that is checked', async () => {
    expect(await verdict('x.gguf', model({}), [witness(model())])).toMatchObject({ verdict: 'says-nothing', says: {} });
  });

  test('with one byte flipped is not what it says', async () => {
    const flipped = model();
    flipped[flipped.length - 32] = 0x7f;
    const found = await verdict('x.gguf', flipped, [witness(model())]);
    expect(found).toMatchObject({
      verdict: 'is-not-what-it-says',
      difference: { what: 'sha256', is: digest(flipped), known: digest(model()) },
    });
  });

  test('whose key was forged is found by its weights, and the key is named', async () => {
    const forged = model({ ...keys, 'qpipe.source': 'another' });
    const found = await verdict('x.gguf', forged, [witness(model())]);
    expect(found).toMatchObject({ verdict: 'is-not-what-it-says', difference: { what: 'qpipe.source', is: 'another', known: 'aa' } });
    expect(found.reason).toBe('qpipe.source is another; the record of quantize:Q4_K_M has aa');
  });

  test('that took the place of one in a manifest is not what it says', async () => {
    const beside = manifestWith('x.gguf', digest(model()));
    const found = await verdict('x.gguf', model({}, [9, 9, 9, 9]), [], beside);
    expect(found).toMatchObject({
      verdict: 'is-not-what-it-says',
      difference: { what: 'qpipe.build', is: null, known: 'cc', where: 'the manifest of run 1' },
    });
  });

  test('that nobody here knows is not confirmed by what it says of itself', async () => {
    expect(await verdict('x.gguf', model(), [])).toMatchObject({ verdict: 'unconfirmed', says: keys });
    expect(await verdict('y.gguf', model(), [witness(model({}, [5, 6, 7, 8]), { says: {} })])).toMatchObject({ verdict: 'unconfirmed' });
  });

  test.each([
    ['is cut', (bytes: Buffer) => bytes.subarray(0, bytes.length - 20), /its header implies/],
    ['goes on after its end', (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(32)]), /its header implies/],
    ['is none', () => Buffer.from('a text'), /not a whole GGUF|bytes/],
    ['holds a weight that is no number', () => model(keys, [1, Number.NaN, 3, 4]), /a\.weight holds NaN/],
  ])('that %s is broken', async (_what, change, reason) => {
    const found = await verdict('x.gguf', change(model()), [witness(model())]);
    expect(found.verdict).toBe('broken');
    expect(found.reason).toMatch(reason);
  });
});

describe('a split file', () => {
  const numbered = (no: number, count: number) => ({ 'split.no': no, 'split.count': count, 'split.tensors.count': 2 });
  const parts = (says: Record<string, WrittenValue> = keys): Buffer[] => [
    ggufBytes({ metadata: { ...says, ...numbered(0, 2) }, tensors: [{ name: 'b.weight', shape: [2], data: floats(3, 4) }] }),
    ggufBytes({ metadata: numbered(1, 2), tensors: [{ name: 'a.weight', shape: [2], data: floats(1, 2) }] }),
  ];
  const name = (no: number) => `x-0000${no}-of-00002.gguf`;
  const write = (all: Buffer[]) => all.map((bytes, i) => space.write(name(i + 1), bytes));

  test('is checked as a whole, whichever part is named', async () => {
    const [first, second] = write(parts()) as [string, string];
    const options = { witnesses: [witness(model())], beside: null };
    for (const part of [first, second]) expect(await verifyFile(part, options)).toMatchObject({ verdict: 'is-what-it-says', parts: 2 });
  });

  test('has the digest of the file that it was cut from', async () => {
    const [first] = write(parts()) as [string];
    const cut = ggufBytes({
      metadata: keys,
      tensors: [
        { name: 'b.weight', shape: [2], data: floats(3, 4) },
        { name: 'a.weight', shape: [2], data: floats(1, 2) },
      ],
    });
    const found = await verifyFile(first, { witnesses: [witness(cut, { object: null })], beside: null });
    expect(found).toMatchObject({ verdict: 'is-what-it-says', sha256: digest(cut) });
  });

  test('of other weights is not what it says', async () => {
    const [first] = write(parts()) as [string];
    const found = await verifyFile(first, { witnesses: [witness(model(keys, [1, 2, 3, 5]))], beside: null });
    expect(found).toMatchObject({ verdict: 'is-not-what-it-says', difference: { what: 'sha256' } });
  });

  test('that misses a part is broken, and the part is named', async () => {
    const first = space.write(name(1), parts()[0] as Buffer);
    const found = await verifyFile(first, { witnesses: [], beside: null });
    expect(found).toMatchObject({ verdict: 'broken', reason: `${name(2)} of its 2 parts is missing` });
  });

  test('with a part twice is broken', async () => {
    const [one] = parts() as [Buffer];
    const [first] = write([one, one]) as [string];
    expect((await verifyFile(first, { witnesses: [], beside: null })).reason).toBe('part 2 says that it is part 1');
  });
});

function manifestWith(name: string, sha256: string): ReadManifest {
  const files = [{ name, sha256, says: keys }] as unknown as Manifest['files'];
  return { path: 'manifest.json', manifest: { run: { id: '1' }, files } as Manifest, sha256: '', isCanonical: true };
}
