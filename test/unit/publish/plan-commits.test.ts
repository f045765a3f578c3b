import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { HubFile } from '../../../src/hub/repo.ts';
import type { LocalFile } from '../../../src/hub/writer.ts';
import { quantTag } from '../../../src/pipeline/quant-tag.ts';
import type { Build } from '../../../src/publish/build.ts';
import { type Found, planCommits } from '../../../src/publish/hub/plan-commits.ts';
import { readSums } from '../../../src/publish/sums.ts';
import { rowWith } from '../../support/results.ts';

const digest = (text: string) => createHash('sha256').update(text).digest('hex');
const file = (path: string, text: string): LocalFile => ({
  path,
  sha256: digest(text),
  size: text.length,
  content: { bytes: Buffer.from(text) },
});

/** @param rows file name to its bytes */
function build(rows: Record<string, string>, beside: LocalFile[] = []): Build {
  const built = Object.entries(rows).map(([path, text]) => ({
    name: path,
    tag: quantTag(path),
    row: rowWith(path, 1, 0.1, 90),
    files: [file(path, text)],
  }));
  return {
    run: 'R',
    substance: 's',
    rows: built,
    beside,
    notes: [],
    card: (there) => `card of ${there.map(({ name }) => name).join(' ')}`,
  };
}

/** What a repo holds after commits that were planned for it. */
function afterwards(found: Found, commits: ReturnType<typeof planCommits>): Found {
  const files = new Map(found.files.map((one) => [one.path, one]));
  for (const { add, remove } of commits) {
    for (const path of remove) files.delete(path);
    for (const one of add) files.set(one.path, { path: one.path, size: one.size, oid: '', sha256: one.sha256 });
  }
  const last = (path: string) =>
    commits.flatMap(({ add }) => add).findLast((one) => one.path === path)?.content as { bytes: Buffer } | undefined;
  return {
    files: [...files.values()],
    card: last('README.md')?.bytes.toString() ?? found.card,
    sums: readSums(last('SHA256SUMS')?.bytes.toString() ?? ''),
  };
}

const empty: Found = { files: [], card: null, sums: new Map() };
const told = (commits: ReturnType<typeof planCommits>) =>
  commits.map(({ add, remove }) => [...add.map(({ path }) => path), ...remove.map((path) => `-${path}`)]);

describe('commits for a build', () => {
  test('are one for each row, each with the card and the sums of what is there then', () => {
    const commits = planCommits(build({ 'T-Q8_0.gguf': 'a', 'T-Q2_K.gguf': 'b' }, [file('LICENSE', 'do')]), empty);
    expect(told(commits)).toEqual([
      ['LICENSE', 'T-Q8_0.gguf', 'README.md', 'SHA256SUMS'],
      ['T-Q2_K.gguf', 'README.md', 'SHA256SUMS'],
    ]);
    const cards = commits.map((one) => afterwards(empty, [one]).card);
    expect(cards).toEqual(['card of T-Q8_0.gguf', 'card of T-Q8_0.gguf T-Q2_K.gguf']);
    expect([...afterwards(empty, commits).sums.keys()]).toEqual(['LICENSE', 'T-Q2_K.gguf', 'T-Q8_0.gguf']);
  });

  test('are none when all of it is there', () => {
    const whole = build({ 'T-Q8_0.gguf': 'a', 'T-Q2_K.gguf': 'b' }, [file('LICENSE', 'do')]);
    expect(planCommits(whole, afterwards(empty, planCommits(whole, empty)))).toEqual([]);
  });

  test.each([1, 2, 3])('after an interruption behind commit %i come to the same', (done) => {
    const whole = build({ 'T-Q8_0.gguf': 'a', 'T-Q4_0.gguf': 'b', 'T-Q2_K.gguf': 'c' });
    const before = afterwards(empty, planCommits(build({ 'T-Q8_0.gguf': 'x', 'T-Q4_0.gguf': 'y', 'T-Q3_K.gguf': 'z' }), empty));
    const all = planCommits(whole, before);
    const halfway = afterwards(before, all.slice(0, done));
    const rest = planCommits(whole, halfway);
    expect(rest).toHaveLength(3 - done);
    const end = afterwards(halfway, rest);
    expect(end.files.map(({ path, sha256 }) => [path, sha256]).toSorted()).toEqual(
      afterwards(before, all)
        .files.map(({ path, sha256 }) => [path, sha256])
        .toSorted(),
    );
    expect(end.files.map(({ path }) => path)).not.toContain('T-Q3_K.gguf');
  });

  test('remove what an earlier build left with what takes its tag, else with the last', () => {
    const before = afterwards(empty, planCommits(build({ 'Old-Q8_0.gguf': 'x', 'T-Q6_K.gguf': 'y', 'T-Q2_K.gguf': 'b' }), empty));
    const byHand: HubFile = { path: 'by-hand.gguf', size: 1, oid: '', sha256: digest('h') };
    const commits = planCommits(build({ 'T-Q8_0.gguf': 'a', 'T-Q4_0.gguf': 'd', 'T-Q2_K.gguf': 'b' }), {
      ...before,
      files: [...before.files, byHand],
    });
    expect(told(commits)).toEqual([
      ['T-Q8_0.gguf', 'README.md', 'SHA256SUMS', '-Old-Q8_0.gguf'],
      ['T-Q4_0.gguf', 'README.md', 'SHA256SUMS', '-T-Q6_K.gguf'],
    ]);
  });

  test('bring a card that was put back, although the repo had it when it was looked at', () => {
    const whole = build({ 'T-Q8_0.gguf': 'a', 'T-Q2_K.gguf': 'b' });
    const there = afterwards(empty, planCommits(whole, empty));
    const lost = { ...there, files: there.files.filter(({ path }) => !path.endsWith('.gguf')) };
    expect(afterwards(lost, planCommits(whole, lost)).card).toBe('card of T-Q8_0.gguf T-Q2_K.gguf');
  });
});
