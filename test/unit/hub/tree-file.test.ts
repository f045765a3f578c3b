import { describe, expect, test } from 'vitest';
import type { RepoId, Tree } from '../../../src/hub/repo.ts';
import { pointerOid, treeFromText, treeToText } from '../../../src/hub/tree-file.ts';

const repo: RepoId = { type: 'model', name: 'me/model' };
const commit = 'c'.repeat(40);
const tree: Tree = {
  repo,
  commit,
  files: [
    { path: 'model.safetensors', size: 1234, oid: '1'.repeat(40), sha256: '2'.repeat(64), xetHash: '3'.repeat(64) },
    { path: 'config.json', size: 519, oid: '4'.repeat(40), sha256: null },
  ],
};
const read = (files: object, version = 1) => treeFromText(JSON.stringify({ format_version: version, files }), repo, commit);

describe('the tree that is left for other programs', () => {
  test("is what Python's huggingface_hub writes", () => {
    expect(JSON.parse(treeToText(tree))).toEqual({
      format_version: 1,
      files: {
        'config.json': { size: 519, blob_id: '4'.repeat(40) },
        'model.safetensors': {
          size: 1234,
          blob_id: '1'.repeat(40),
          lfs_sha256: '2'.repeat(64),
          lfs_size: 1234,
          xet_hash: '3'.repeat(64),
        },
      },
    });
  });

  test('reads back', () => {
    expect(treeFromText(treeToText(tree), repo, commit)?.files).toEqual(tree.files.toReversed());
  });

  test('of Python, with nulls left out or written, reads', () => {
    const written = { size: 5, blob_id: '4'.repeat(40), lfs_sha256: null, lfs_size: null, xet_hash: null };
    expect(read({ a: written })?.files).toEqual([{ path: 'a', size: 5, oid: '4'.repeat(40), sha256: null }]);
  });

  const broken: [what: string, tree: () => Tree | null][] = [
    ['cut', () => treeFromText(treeToText(tree).slice(0, -20), repo, commit)],
    ['of a later version', () => read({}, 2)],
    ['no object', () => treeFromText('null', repo, commit)],
    ['without files', () => treeFromText('{"format_version":1}', repo, commit)],
    ['with a blob that is no name', () => read({ a: { size: 1, blob_id: '../../x' } })],
    ['with a size that is none', () => read({ a: { size: -1, blob_id: '4'.repeat(40) } })],
    ['with an entry that is none', () => read({ a: null })],
  ];
  test.each(broken)('that is %s is none', (_, make) => {
    expect(make()).toBeNull();
  });

  test('that leads out of its folder is refused', () => {
    expect(() => read({ '../a': { size: 1, blob_id: '4'.repeat(40) } })).toThrow(expect.objectContaining({ reason: 'bad-name' }));
  });
});

test("git's id of a pointer is the one that git computes", () => {
  // printf 'version https://git-lfs.github.com/spec/v1\noid sha256:%064d\nsize 12\n' 0 | git hash-object --stdin
  expect(pointerOid('0'.repeat(64), 12)).toBe('76edda3f26133b422da4bb4aa9601907a3dae302');
});
