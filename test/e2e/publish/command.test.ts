import { chmodSync, existsSync, readdirSync, readFileSync, watch } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { Stopped } from '../../../src/errors.ts';
import type { Destination } from '../../../src/pipeline/destination.ts';
import { publishByCommand } from '../../../src/publish/run-command.ts';
import { failure, someBytes } from '../../support/hub-lab.ts';
import { destination, type PublishLab, publishLab } from '../../support/publish-lab.ts';

/** A program of the user's, as a script of the shell that finds its own folder in `$HERE`. */
function program(lab: PublishLab, script: string, args: string[] = [], timeLimitMs = 60_000): Extract<Destination, { kind: 'command' }> {
  const file = lab.space.write('bin/upload.sh', `#!/bin/sh\nHERE='${lab.space.root}'\n${script}\n`);
  chmodSync(file, 0o755);
  const { rows, splitOver, texts, card, at } = destination();
  return { kind: 'command', command: [file, ...args], timeLimitMs, rows, splitOver, texts, card, at };
}

const publish = (lab: PublishLab, of: Extract<Destination, { kind: 'command' }>, changes: Parameters<PublishLab['context']>[1] = {}) =>
  publishByCommand(lab.build('R1', { Q8_0: someBytes(5000, 1) }), of, lab.context(of, changes));

/** Resolves when a file is there. */
function there(lab: PublishLab, name: string): Promise<void> {
  return new Promise((resolve) => {
    const watching = watch(lab.space.root, () => look());
    const look = () => {
      if (!existsSync(lab.space.path(name))) return;
      watching.close();
      resolve();
    };
    look();
  });
}

/** Not even a zombie counts as running. */
function isRunning(pid: number): boolean {
  const status = `/proc/${pid}/stat`;
  if (!existsSync('/proc/self/stat')) return false;
  return existsSync(status) && !/\) [ZX] /.test(readFileSync(status, 'utf8'));
}

const child = (lab: PublishLab) => Number(lab.space.read('child.pid'));
/** Hangs in a process of its own, as an uploader that a script has started does. */
const hangs = 'sleep 1000 & echo $! > "$HERE/child.tmp"; mv "$HERE/child.tmp" "$HERE/child.pid"; wait';

describe('a program', () => {
  test('finds the files in its folder and their list on its standard input; nothing of that stays', async () => {
    await using lab = await publishLab();
    const of = program(lab, 'cat > "$HERE/list.json"; cat Tiny-Q8_0.gguf > "$HERE/got"');
    expect(await publish(lab, of)).toMatchObject({ state: 'published' });
    const list = JSON.parse(lab.space.read('list.json')) as { run: string; files: { path: string }[] };
    expect(list).toMatchObject({ version: 1, run: 'R1' });
    expect(list.files.map(({ path }) => path).toSorted()).toEqual(['README.md', 'SHA256SUMS', 'Tiny-Q8_0.gguf']);
    expect(readFileSync(lab.space.path('got')).equals(someBytes(5000, 1))).toBe(true);
    expect(readdirSync(lab.store.path('tmp'))).toEqual([]);
  });

  test('that hangs is ended after its time, with all that it has started, and nothing counts as published', async () => {
    await using lab = await publishLab();
    const of = program(lab, hangs, [], 700);
    const still: [string, number][] = [];
    const told = await failure(publish(lab, of, { onStill: (...one) => void still.push(one), stillEveryMs: 50 }));
    expect(told).toMatchObject({ kind: 'Failure', message: expect.stringMatching(/did not publish: it was ended after .*`timeLimit`/) });
    await vi.waitUntil(() => !isRunning(child(lab)));
    expect(still.length).toBeGreaterThan(1);
    expect(still[0]?.[0]).toBe(of.command[0]);
    expect(lab.context(of).journal.builds()).toEqual([]);
  });

  test.each(['sleep', ...(process.platform === 'linux' ? ['setsid sleep'] : [])])(
    'ends when qpipe is stopped, with its `%s`',
    async (sleep) => {
      await using lab = await publishLab();
      const stop = new AbortController();
      const ended = publish(lab, program(lab, hangs.replace('sleep', sleep)), { signal: stop.signal }).catch((thrown: unknown) => thrown);
      await there(lab, 'child.pid');
      stop.abort();
      expect(await ended).toBeInstanceOf(Stopped);
      await vi.waitUntil(() => !isRunning(child(lab)));
    },
  );

  test('gets its arguments filled in when it starts, and their values are in no message', async () => {
    await using lab = await publishLab();
    vi.stubEnv('UPLOAD_TOKEN', 'very-secret-7');
    const of = program(lab, 'echo "$1" > "$HERE/got"; echo "no right for very-secret-7" >&2; exit 3', [`--token=\${UPLOAD_TOKEN}`]);
    const told = await failure(publish(lab, of));
    expect(lab.space.read('got')).toBe('--token=very-secret-7\n');
    expect(told.message).toMatch(/no right for \$\{UPLOAD_TOKEN\}$/);
    vi.stubEnv('UPLOAD_TOKEN', 'o');
    expect((await failure(publish(lab, of))).message).toMatch(/no right for very-secret-7$/);
    vi.stubEnv('UPLOAD_TOKEN', undefined);
    expect(await failure(publish(lab, of))).toMatchObject({
      kind: 'UserError',
      message: expect.stringContaining('the environment variable `UPLOAD_TOKEN` is not set'),
    });
    vi.unstubAllEnvs();
  });

  test('is told by what it said last', async () => {
    await using lab = await publishLab();
    expect(await failure(publish(lab, program(lab, 'echo "no room left" >&2; exit 1')))).toMatchObject({
      message: expect.stringMatching(/upload\.sh did not publish: no room left$/),
    });
    expect(await failure(publish(lab, program(lab, 'exit 4')))).toMatchObject({ message: expect.stringMatching(/exit code 4$/) });
  });
});
