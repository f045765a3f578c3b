import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, test } from 'vitest';
import type { Destination } from '../../../src/pipeline/destination.ts';
import { publishToFolder } from '../../../src/publish/folder/publish-folder.ts';
import { rollBackFolder } from '../../../src/publish/folder/roll-back-folder.ts';
import { Journal } from '../../../src/publish/journal.ts';
import { Store } from '../../../src/store/store.ts';
import { failure, someBytes } from '../../support/hub-lab.ts';
import { destination, type PublishLab, publishLab } from '../../support/publish-lab.ts';

const bytes = (seed: number) => someBytes(5000, seed);

function folderOf(lab: PublishLab, changes: object = {}): Extract<Destination, { kind: 'folder' }> {
  const { rows, splitOver, texts, card, at } = destination();
  return { kind: 'folder', path: lab.space.path('out'), keep: 3, rows, splitOver, texts, card, at, ...changes };
}

const publish = (lab: PublishLab, run: string, seed: number, of = folderOf(lab)) =>
  publishToFolder(lab.build(run, { Q8_0: bytes(seed) }), of, lab.context(of));
const latest = (lab: PublishLab) => readlinkSync(lab.space.path('out/latest'));

describe('a folder', () => {
  test('has each build by itself, and latest points to the newest', async () => {
    await using lab = await publishLab();
    expect(await publish(lab, 'R1', 1)).toMatchObject({ state: 'published' });
    await publish(lab, 'R2', 2);
    expect(latest(lab)).toBe('builds/R2');
    expect(readFileSync(lab.space.path('out/latest/Tiny-Q8_0.gguf')).equals(bytes(2))).toBe(true);
    expect(readFileSync(lab.space.path('out/builds/R1/Tiny-Q8_0.gguf')).equals(bytes(1))).toBe(true);
    expect(readdirSync(lab.space.path('out/latest/')).toSorted()).toEqual(['README.md', 'SHA256SUMS', 'Tiny-Q8_0.gguf']);
  });

  test('costs no room where the file system has hard links', async () => {
    await using lab = await publishLab();
    await publish(lab, 'R1', 1);
    expect(statSync(lab.space.path('out/latest/Tiny-Q8_0.gguf')).nlink).toBe(2);
  });

  // Memory is another file system than the one of temporary files.
  const memory = '/dev/shm';
  const isOther = existsSync(memory) && statSync(memory).dev !== statSync(tmpdir()).dev;
  test.skipIf(!isOther)('on another file system is copied, and a copy that is not what it should be is refused', async () => {
    await using lab = await publishLab();
    using far = { path: mkdtempSync(`${memory}/qpipe-test-`), [Symbol.dispose]: () => rmSync(far.path, { recursive: true }) };
    const of = folderOf(lab, { path: far.path });
    await publish(lab, 'R1', 1, of);
    expect(statSync(`${far.path}/latest/Tiny-Q8_0.gguf`).nlink).toBe(1);
    expect(readFileSync(`${far.path}/latest/Tiny-Q8_0.gguf`).equals(bytes(1))).toBe(true);
    const build = lab.build('R2', { Q8_0: bytes(2) });
    const [file] = build.rows[0]?.files ?? [];
    if (file) file.sha256 = '0'.repeat(64);
    expect(await failure(publishToFolder(build, of, lab.context(of)))).toMatchObject({
      message: expect.stringContaining('was changed in the store'),
    });
    expect(readlinkSync(`${far.path}/latest`)).toBe('builds/R1');
  });

  test('the same run once more changes nothing', async () => {
    await using lab = await publishLab();
    await publish(lab, 'R1', 1);
    const before = lstatSync(lab.space.path('out/latest')).ino;
    expect(await publish(lab, 'R1', 1)).toMatchObject({ state: 'unchanged' });
    expect(lstatSync(lab.space.path('out/latest')).ino).toBe(before);
  });

  test('keeps so many builds, and goes back one', async () => {
    await using lab = await publishLab();
    const of = folderOf(lab, { keep: 2 });
    for (const n of [1, 2, 3]) await publish(lab, `R${n}`, n, of);
    expect(readdirSync(lab.space.path('out/builds')).toSorted()).toEqual(['R2', 'R3']);
    const context = lab.context(of);
    const [before] = context.journal.builds().slice(-2);
    if (!before) throw new Error('there is no build before');
    expect(rollBackFolder(before, of, context)).toMatchObject({ state: 'back', run: 'R2' });
    expect(latest(lab)).toBe('builds/R2');
    const [gone] = context.journal.builds();
    expect(await failure(Promise.resolve().then(() => rollBackFolder(gone as NonNullable<typeof gone>, of, context)))).toMatchObject({
      message: expect.stringMatching(/no longer has builds\/R1: there are R2, R3/),
    });
  });

  test('of what others have put beside its builds nothing goes', async () => {
    await using lab = await publishLab();
    for (const name of ['mine', '.mine']) lab.space.write(`out/builds/${name}/thesis.txt`, 'years of work');
    await publish(lab, 'R1', 1, folderOf(lab, { keep: 1 }));
    expect(readdirSync(lab.space.path('out/builds')).toSorted()).toEqual(['.mine', 'R1', 'mine']);
  });

  test("the card's parts by hand go from build to build", async () => {
    await using lab = await publishLab();
    await publish(lab, 'R1', 1);
    const card = lab.space.path('out/latest/README.md');
    lab.space.write('out/builds/R1/README.md', `${readFileSync(card, 'utf8')}\nBy hand.\n`);
    await publish(lab, 'R2', 2);
    expect(readFileSync(card, 'utf8')).toContain('By hand.');
    expect(readFileSync(card, 'utf8')).toContain('run R2');
  });

  const losses: [what: string, lose: (out: string) => void, name: string][] = [
    ['the build', (out) => rmSync(`${out}/builds/R2`, { recursive: true }), 'R2'],
    ['the link', (out) => rmSync(`${out}/latest`), 'R2'],
    ['a file of the build', (out) => rmSync(`${out}/builds/R2/Tiny-Q8_0.gguf`), 'R2-2'],
    ['its sums', (out) => rmSync(`${out}/builds/R2/SHA256SUMS`), 'R2-2'],
    ['all of it', (out) => rmSync(out, { recursive: true }), 'R2'],
  ];
  test.each(losses)('of which somebody has removed %s: it comes back', async (_, lose, name) => {
    await using lab = await publishLab();
    const of = folderOf(lab, { keep: 2 });
    for (const n of [1, 2]) await publish(lab, `R${n}`, n, of);
    lose(lab.space.path('out'));
    expect(await publish(lab, 'R2', 2, of)).toMatchObject({ state: 'published' });
    expect(latest(lab)).toBe(`builds/${name}`);
    expect(readFileSync(lab.space.path('out/latest/Tiny-Q8_0.gguf')).equals(bytes(2))).toBe(true);
    expect(await publish(lab, 'R2', 2, of)).toMatchObject({ state: 'unchanged' });
  });

  test('of which the newest build was mended: the way back stays the build before it', async () => {
    await using lab = await publishLab();
    const of = folderOf(lab, { keep: 2 });
    for (const n of [1, 2]) await publish(lab, `R${n}`, n, of);
    rmSync(lab.space.path('out/builds/R2/Tiny-Q8_0.gguf'));
    await publish(lab, 'R2', 2, of);
    expect(readdirSync(lab.space.path('out/builds')).toSorted()).toEqual(['R1', 'R2-2']);
  });

  test('that is to keep fewer builds loses the oldest at once', async () => {
    await using lab = await publishLab();
    for (const n of [1, 2, 3]) await publish(lab, `R${n}`, n);
    expect(await publish(lab, 'R3', 3, folderOf(lab, { keep: 2 }))).toMatchObject({
      state: 'published',
      steps: expect.arrayContaining([{ what: 'remove', path: 'builds/R1', size: 0 }]),
    });
    expect(readdirSync(lab.space.path('out/builds')).toSorted()).toEqual(['R2', 'R3']);
  });

  test('keeps what a person has put beside its builds, whatever it looks like', async () => {
    await using lab = await publishLab();
    const of = folderOf(lab, { keep: 1 });
    lab.space.write('out/builds/mine/SHA256SUMS', '');
    for (const n of [1, 2]) await publish(lab, `R${n}`, n, of);
    expect(readdirSync(lab.space.path('out/builds')).toSorted()).toEqual(['R2', 'mine']);
  });

  test('that the pipeline publishes to from two stores is one series; another pipeline of another store is refused, and takes nothing when somebody asks', async () => {
    await using lab = await publishLab();
    const of = folderOf(lab, { keep: 1 });
    const other = Store.open(lab.space.path('other-store'));
    const from = (store: Store, pipeline: string, run: string, asked = false) =>
      publishToFolder(
        lab.build(run, { Q8_0: bytes(run.length) }, { 'manifest.json': JSON.stringify({ pipeline, run: { id: run } }) }),
        of,
        lab.context(of, { store, journal: new Journal(store, of, pipeline), asked }),
      );
    await from(lab.store, 'nightly', 'R1');
    await from(other, 'nightly', 'R22');
    expect(readdirSync(lab.space.path('out/builds'))).toEqual(['R22']);
    expect(await failure(from(other, 'weekly', 'R333'))).toMatchObject({
      kind: 'UserError',
      message: expect.stringContaining('holds builds of the pipeline nightly'),
    });
    expect(latest(lab)).toBe('builds/R22');
    await from(other, 'weekly', 'R333', true);
    expect(readdirSync(lab.space.path('out/builds')).toSorted()).toEqual(['R22', 'R333']);
  });

  test.each<[what: string, place: string, make: (path: (name: string) => string) => void, message: string]>([
    ['below a file', 'afile/sub', (path) => writeFileSync(path('afile'), ''), 'afile is a file'],
    ['behind a broken link', 'link/sub', (path) => symlinkSync('nowhere', path('link')), 'link is a link that leads nowhere'],
    [
      'whose builds are a file',
      'out',
      (path) => {
        mkdirSync(path('out'));
        writeFileSync(path('out/builds'), '');
      },
      'builds is a file',
    ],
  ])('%s is refused with what is in the way', async (_, place, make, message) => {
    await using lab = await publishLab();
    make((name) => lab.space.path(name));
    const of = folderOf(lab, { path: lab.space.path(place) });
    expect(await failure(publish(lab, 'R1', 1, of))).toMatchObject({ kind: 'UserError', message: expect.stringContaining(message) });
  });

  test('what a killed process has left is no build, and goes', async () => {
    await using lab = await publishLab();
    mkdirSync(lab.space.path('out/builds/.R0.123'), { recursive: true });
    symlinkSync('builds/R0', lab.space.path('out/.latest.123'));
    await publish(lab, 'R1', 1);
    expect(readdirSync(lab.space.path('out/builds'))).toEqual(['R1']);
    expect(existsSync(lab.space.path('out/.latest.123'))).toBe(false);
  });

  test('in which somebody else has something called latest is left alone', async () => {
    await using lab = await publishLab();
    mkdirSync(lab.space.path('out/latest'), { recursive: true });
    expect(await failure(publish(lab, 'R1', 1))).toMatchObject({
      kind: 'UserError',
      message: expect.stringContaining("is no link of qpipe's"),
    });
    expect(existsSync(lab.space.path('out/builds'))).toBe(false);
  });

  test('where another build of the run is: it is not written into', async () => {
    await using lab = await publishLab();
    await publish(lab, 'R1', 1);
    await publish(lab, 'R1', 2);
    expect(latest(lab)).toBe('builds/R1-2');
    expect(readFileSync(lab.space.path('out/builds/R1/Tiny-Q8_0.gguf')).equals(bytes(1))).toBe(true);
  });

  test('a dry run makes nothing', async () => {
    await using lab = await publishLab();
    const of = folderOf(lab);
    const planned = await publishToFolder(lab.build('R1', { Q8_0: bytes(1) }), of, lab.context(of, { dryRun: true }));
    expect(planned.steps.map(({ what, path }) => [what, path])).toContainEqual(['change', 'latest: builds/R1']);
    expect(existsSync(lab.space.path('out'))).toBe(false);
  });
});
