import { chmodSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { doctor } from '../../src/setup/doctor.ts';
import type { SetupEvent } from '../../src/setup/events.ts';
import { findTools } from '../../src/setup/find-tools.ts';
import { lookForTools } from '../../src/setup/look-for-tools.ts';
import { readVendored } from '../../src/setup/pin.ts';
import { cacheFolders } from '../../src/setup/site.ts';
import { sourceFolder } from '../../src/setup/source.ts';
import { lock } from '../../src/store/lock.ts';
import type { LlamaCpp } from '../../src/tools/llama-cpp.ts';

const wanted = { path: null, cmake: [], python: null, needConverter: true, offline: false };
const { pin } = readVendored();

/** The user's own cache folder, where the expensive build lies; made here when it is missing. */
let tools: LlamaCpp;
const onlyOurOwn = () => void vi.stubEnv('QPIPE_LLAMA_CPP', '');
beforeAll(async () => {
  onlyOurOwn();
  tools = await findTools(wanted, () => {});
});
beforeEach(onlyOurOwn);
afterEach(() => void vi.unstubAllEnvs());

function listener() {
  const events: SetupEvent[] = [];
  return {
    events,
    on: (event: SetupEvent) => void events.push(event),
    of: (type: SetupEvent['type']) => events.filter((event) => event.type === type),
  };
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'qpipe-setup-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

describe('the finished set-up', () => {
  test('is found again without doing anything', async () => {
    const { events, on } = listener();
    const found = await findTools(wanted, on);
    expect(found).toEqual(tools);
    expect(events).toEqual([{ type: 'found', origin: 'cache', what: expect.stringContaining(pin.release) }]);
  });

  test('is the pinned release, tested, with a converter', () => {
    expect(tools.version).toContain(pin.commit);
    expect(tools.types.map((type) => type.name)).toEqual(expect.arrayContaining(['Q4_K_M', 'IQ3_XXS', 'F16']));
    expect(basename(tools.converter?.script ?? '')).toBe('convert_hf_to_gguf.py');
    expect(tools.converter?.description).toContain('torch');
  });

  test('satisfies the doctor', async () => {
    const checks = await doctor();
    expect(checks.filter((check) => !check.ok)).toEqual([]);
    expect(checks.map((check) => check.name)).toEqual([
      'Node',
      'Python',
      'git',
      'C++ compiler',
      'CMake',
      'disk',
      'llama.cpp',
      'Python environment',
    ]);
  });
});

describe('a foreign build', () => {
  const foreign = { ...wanted, needConverter: false };

  test('is accepted after one self-test, while a second caller that needs it waits', async () => {
    vi.stubEnv('XDG_CACHE_HOME', temporaryFolder());
    vi.stubEnv('QPIPE_LLAMA_CPP', dirname(tools.binaries.quantize));
    expect(await lookForTools(foreign)).toMatchObject({ tools: null });
    const [one, two] = [listener(), listener()];
    const found = await Promise.all([findTools(foreign, one.on), findTools(foreign, two.on)]);
    expect(found[0]).toEqual(found[1]);
    expect(found[0]).toMatchObject({ origin: 'environment', build: { kind: 'foreign', backend: 'CPU' }, version: tools.version });
    const waiters = [one, two].filter((process) => process.of('waiting').length > 0);
    expect(waiters).toHaveLength(1);
    expect(waiters[0]?.of('step')).toEqual([]);
    expect(waiters[0]?.of('waiting')[0]).toMatchObject({ holder: { pid: process.pid, what: 'setting up llama.cpp' } });
  });

  test('that crashes is refused with tool, type, signal and the way out', async () => {
    vi.stubEnv('XDG_CACHE_HOME', temporaryFolder());
    const folder = temporaryFolder();
    for (const path of Object.values(tools.binaries)) symlinkSync(path, join(folder, basename(path)));
    const bench = join(folder, 'llama-bench');
    rmSync(bench);
    writeFileSync(bench, `#!/bin/sh\n[ "$1" = -m ] && kill -ILL $$\nexec ${tools.binaries.bench} "$@"\n`);
    chmodSync(bench, 0o755);
    await expect(findTools({ ...foreign, path: folder }, () => {})).rejects.toThrow(
      /llama-bench in .* crashed in the self-test \(SIGILL, type F16\).*unset QPIPE_LLAMA_CPP/,
    );
  });
});

test('a set-up can be stopped while it waits for another one', async () => {
  vi.stubEnv('XDG_CACHE_HOME', temporaryFolder());
  using _ = await lock(cacheFolders().lock, { what: 'something long' });
  const stop = new AbortController();
  const { on, of } = listener();
  const stopped = findTools(
    wanted,
    (event) => {
      on(event);
      stop.abort();
    },
    stop.signal,
  );
  await expect(stopped).rejects.toThrow('stopped');
  expect(of('waiting')).toMatchObject([{ holder: { what: 'something long' } }]);
});

test('without a git host and a registry one message names the ways out', async () => {
  const cache = temporaryFolder();
  vi.stubEnv('XDG_CACHE_HOME', cache);
  vi.stubEnv('QPIPE_LLAMA_CPP_GIT', join(cache, 'no-such-repository'));
  vi.stubEnv('npm_config_registry', 'http://127.0.0.1:9');
  vi.stubEnv('npm_config_cache', join(cache, 'npm'));
  vi.stubEnv('npm_config_fetch_retries', '0');
  const { on, of } = listener();
  await expect(findTools(wanted, on)).rejects.toThrow(/could not be obtained:.*Three ways out/s);
  expect(of('tried')).toHaveLength(2);
});

test('the checkout in the cache carries the patches', () => {
  const folder = sourceFolder(readVendored(), cacheFolders());
  expect(readFileSync(join(folder, 'common', 'log.cpp'), 'utf8')).toContain('std::atexit');
});
