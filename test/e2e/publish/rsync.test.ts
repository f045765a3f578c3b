import { chmodSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { delimiter } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import type { Destination } from '../../../src/pipeline/destination.ts';
import { Journal } from '../../../src/publish/journal.ts';
import { publishByRsync, rollBackByRsync } from '../../../src/publish/rsync/publish-rsync.ts';
import { which } from '../../../src/spawn.ts';
import { Store } from '../../../src/store/store.ts';
import { failure, someBytes } from '../../support/hub-lab.ts';
import { destination, type PublishLab, publishLab } from '../../support/publish-lab.ts';

const problem = which('rsync') === null ? ': rsync is not on this machine' : '';

function place(to: string, keep = 3): Extract<Destination, { kind: 'rsync' }> {
  const { rows, splitOver, texts, card, at } = destination();
  return { kind: 'rsync', to, keep, rows, splitOver, texts, card, at };
}

/** A stand-in for ssh: the other machine is this one. */
function withSsh(lab: PublishLab): void {
  const ssh = [
    '#!/bin/sh',
    'while [ "$1" = -o ] || [ "$1" = -l ]; do shift 2; done',
    '[ "$1" = -- ] && shift',
    'echo "$1" >> "$HOSTS"',
    'shift',
    'exec sh -c "$*"',
  ];
  lab.space.write('bin/ssh', `${ssh.join('\n')}\n`);
  chmodSync(lab.space.path('bin/ssh'), 0o755);
  vi.stubEnv('HOSTS', lab.space.path('hosts'));
  vi.stubEnv('PATH', [lab.space.path('bin'), process.env['PATH'] ?? ''].join(delimiter));
}

describe.skipIf(problem !== '')(`by rsync${problem}`, () => {
  const places: [what: string, to: (lab: PublishLab) => string][] = [
    ['to a folder here', (lab) => lab.space.path("other's disk")],
    ['to another machine', (lab) => `me@there:${lab.space.path("other's disk")}`],
  ];
  test.each(places)('%s: each build whole, what is like the one before is not there twice, and latest is switched', async (_, placeOf) => {
    await using lab = await publishLab();
    withSsh(lab);
    const to = place(placeOf(lab), 2);
    const there = (path: string) => lab.space.path("other's disk", path);
    const publish = (run: string, rows: Record<string, Buffer>) => publishByRsync(lab.build(run, rows), to, lab.context(to));
    const [same, one, two, three] = [1, 2, 3, 4].map((seed) => someBytes(40_000, seed)) as [Buffer, Buffer, Buffer, Buffer];
    expect(await publish('R1', { Q8_0: same, Q4_0: one })).toMatchObject({ state: 'published' });
    await publish('R2', { Q8_0: same, Q4_0: two });
    expect(readlinkSync(there('latest'))).toBe('builds/R2');
    expect(readFileSync(there('latest/Tiny-Q4_0.gguf')).equals(two)).toBe(true);
    expect(statSync(there('builds/R1/Tiny-Q8_0.gguf')).ino).toBe(statSync(there('builds/R2/Tiny-Q8_0.gguf')).ino);
    expect(await publish('R2', { Q8_0: same, Q4_0: two })).toMatchObject({ state: 'unchanged' });
    await publish('R3', { Q8_0: same, Q4_0: three });
    expect(readdirSync(there('builds')).toSorted()).toEqual(['R2', 'R3']);
    const context = lab.context(to);
    const [before] = context.journal.builds().slice(-2);
    if (!before) throw new Error('there is no build before');
    await rollBackByRsync(before, to, context);
    expect(readlinkSync(there('latest'))).toBe('builds/R2');
    vi.unstubAllEnvs();
  });

  test('of what others have put beside its builds nothing goes', async () => {
    await using lab = await publishLab();
    lab.space.write('there/builds/my own/thesis.txt', 'years of work');
    lab.space.write('there/builds/my own/SHA256SUMS', '');
    const to = place(lab.space.path('there'), 1);
    await publishByRsync(lab.build('R1', { Q8_0: someBytes(4000, 1) }), to, lab.context(to));
    await publishByRsync(lab.build('R2', { Q8_0: someBytes(4000, 2) }), to, lab.context(to));
    expect(readdirSync(lab.space.path('there/builds')).toSorted()).toEqual(['R2', 'my own']);
  });

  test('another pipeline of another store is refused', async () => {
    await using lab = await publishLab();
    const to = place(lab.space.path('there'), 1);
    const from = (pipeline: string, run: string) =>
      publishByRsync(
        lab.build(run, { Q8_0: someBytes(4000, 1) }, { 'manifest.json': `${JSON.stringify({ pipeline, run: { id: run } })}\n` }),
        to,
        lab.context(to, { journal: new Journal(Store.open(lab.space.path(`${pipeline}-${run}`)), to, pipeline) }),
      );
    await from('nightly', 'R1');
    await from('nightly', 'R2');
    expect(readdirSync(lab.space.path('there/builds'))).toEqual(['R2']);
    expect(await failure(from('weekly', 'R3'))).toMatchObject({ message: expect.stringContaining('holds builds of the pipeline nightly') });
    expect(readlinkSync(lab.space.path('there/latest'))).toBe('builds/R2');
  });

  const losses: [what: string, lose: (there: string) => void, name: string][] = [
    ['the build', (there) => rmSync(`${there}/builds/R2`, { recursive: true }), 'R2'],
    ['the link', (there) => rmSync(`${there}/latest`), 'R2'],
    ['a file of the build', (there) => rmSync(`${there}/builds/R2/Tiny-Q8_0.gguf`), 'R2-2'],
    ['its sums', (there) => rmSync(`${there}/builds/R2/SHA256SUMS`), 'R2-2'],
  ];
  test.each(losses)('where somebody has removed %s: it comes back', async (_, lose, name) => {
    await using lab = await publishLab();
    const to = place(lab.space.path('there'), 2);
    const publish = (n: number) => publishByRsync(lab.build(`R${n}`, { Q8_0: someBytes(4000, n) }), to, lab.context(to));
    for (const n of [1, 2]) await publish(n);
    lose(lab.space.path('there'));
    expect(await publish(2)).toMatchObject({ state: 'published' });
    expect(readlinkSync(lab.space.path('there/latest'))).toBe(`builds/${name}`);
    expect(readFileSync(lab.space.path('there/latest/Tiny-Q8_0.gguf')).equals(someBytes(4000, 2))).toBe(true);
    expect(readdirSync(lab.space.path('there/builds'))).toContain('R1');
    expect(await publish(2)).toMatchObject({ state: 'unchanged' });
  });

  test('bytes that are wrong when they have arrived get no name', async () => {
    await using lab = await publishLab();
    const to = place(lab.space.path('there'));
    await publishByRsync(lab.build('R1', { Q8_0: someBytes(40_000, 1) }), to, lab.context(to));
    const build = lab.build('R2', { Q8_0: someBytes(40_000, 2) });
    const [row] = build.rows;
    if (row?.files[0]) row.files[0].sha256 = '0'.repeat(64);
    expect(await failure(publishByRsync(build, to, lab.context(to)))).toMatchObject({
      kind: 'Failure',
      message: expect.stringMatching(/Tiny-Q8_0\.gguf.*FAILED|did NOT match/),
    });
    expect(readlinkSync(lab.space.path('there/latest'))).toBe('builds/R1');
    expect(readdirSync(lab.space.path('there/builds'))).toEqual(['R1']);
  });

  test('a machine that does not answer is told, with what ssh says', async () => {
    await using lab = await publishLab();
    const to = place('me@there:/srv');
    lab.space.write('bin/ssh', '#!/bin/sh\necho "ssh: Could not resolve hostname there" >&2\nexit 255\n');
    chmodSync(lab.space.path('bin/ssh'), 0o755);
    vi.stubEnv('PATH', [lab.space.path('bin'), process.env['PATH'] ?? ''].join(delimiter));
    const told = await failure(publishByRsync(lab.build('R1', { Q8_0: someBytes(10, 1) }), to, lab.context(to)));
    vi.unstubAllEnvs();
    expect(told.message).toMatch(/me@there:\/srv could not be published to: ssh says: ssh: Could not resolve hostname there/);
  });
});
