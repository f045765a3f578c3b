import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { SetupEvent } from '../../../src/setup/events.ts';
import { writeJson } from '../../../src/setup/json-file.ts';
import { lookForTools } from '../../../src/setup/look-for-tools.ts';
import { makeBuild } from '../../../src/setup/make-build.ts';
import { readVendored } from '../../../src/setup/pin.ts';
import { cacheFolders } from '../../../src/setup/site.ts';

const vendored = readVendored();
const compiler = 'echo "c++ (Stand-in) 12.2.0"';
/** Notes its flags in the build tree: `-S source -B tree ...`. */
const cmake = '[ "$1" = --version ] && { echo "cmake version 3.25.1"; exit; }; mkdir -p "$4"; echo "$@" > "$4/flags"';
const usage = 'echo " allowed quantization types"; echo "   1  or  F16     : 14.00G"';
const perplexity = 'echo "Final estimate: PPL = 400.0"';

/** Makes binaries of which the native llama-bench dies by a signal when it computes; `dying` names the builds that do. */
const ninja = (dying: string) => `tree="$2"; mkdir -p "$tree/bin"; echo "[1/1] Linking"
make() { printf '#!/bin/sh\\n%s\\n' "$2" > "$tree/bin/llama-$1"; chmod 755 "$tree/bin/llama-$1"; }
make imatrix 'exit 0'; make completion 'exit 0'; make quantize '${usage}'; make perplexity '${perplexity}'
death=''; grep -q "GGML_NATIVE=${dying}" "$tree/flags" && death='[ "$1" = -m ] && kill -SEGV $$;'
make bench "$death echo 'version: 0.5.0-dev (build 1, commit de3ff81)'; echo '{\\"avg_ts\\": 1}{\\"avg_ts\\": 2}'"`;

/** A machine with a stand-in compiler, CMake and Ninja, and an empty cache folder. */
function machine(dying: string) {
  const root = mkdtempSync(join(tmpdir(), 'qpipe-make-build-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  vi.stubEnv('XDG_CACHE_HOME', join(root, 'cache'));
  vi.stubEnv('PATH', `${join(root, 'bin')}:/usr/bin:/bin`);
  vi.stubEnv('CXX', '');
  vi.stubEnv('QPIPE_LLAMA_CPP', '');
  onTestFinished(() => void vi.unstubAllEnvs());
  const folders = cacheFolders();
  script(join(root, 'bin', 'c++'), compiler);
  script(join(root, 'bin', 'cmake'), cmake);
  const program = join(folders.programs, `ninja-${vendored.pin.pypi.ninja}`);
  script(join(program, 'bin', 'ninja'), ninja(dying));
  writeJson(join(program, 'ready.json'), {});
  const events: SetupEvent[] = [];
  return { events, site: { folders, signal: undefined, locks: [], on: (event: SetupEvent) => void events.push(event) } };
}

function script(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
}

const order = { checkout: '/nowhere', digest: null, cmake: [], python: null };
const wanted = { path: null, cmake: [], python: null, needConverter: false };

test('a native build that works is recorded and found', async () => {
  const { site, events } = machine('never');
  const record = await makeBuild(vendored, order, site);
  expect(record).toMatchObject({ version: '0.5.0-dev (build 1, commit de3ff81)', build: { kind: 'native' }, selfTest: { passed: true } });
  expect(events).toContainEqual(expect.objectContaining({ type: 'step', name: 'build', done: 1, total: 1 }));
  expect(await lookForTools(wanted)).toMatchObject({ tools: { origin: 'cache', build: { id: record.build.id } } });
});

test('a native build that crashes is followed by the portable one, which says so and is found from then on', async () => {
  const { site, events } = machine('ON');
  const record = await makeBuild(vendored, order, site);
  expect(record.build.kind).toBe('portable');
  expect(events).toContainEqual({
    type: 'note',
    sentence: expect.stringContaining('crashed in its self-test (llama-bench, F16, SIGSEGV)'),
  });
  expect(await lookForTools(wanted)).toMatchObject({ tools: { build: { id: record.build.id, kind: 'portable' } } });
  events.length = 0;
  await makeBuild(vendored, order, site);
  expect(events.filter((event) => event.type === 'step')).toEqual([]);
});

test('when the portable build crashes too, there is a way out to name', async () => {
  const { site } = machine('O');
  await expect(makeBuild(vendored, order, site)).rejects.toThrow(/llama-bench died by SIGSEGV with F16; .*QPIPE_LLAMA_CPP/);
});

test('the finished build is found when the compiler is gone', async () => {
  const { site } = machine('never');
  const record = await makeBuild(vendored, order, site);
  vi.stubEnv('PATH', '/nowhere');
  expect(await lookForTools(wanted)).toMatchObject({ tools: { build: { id: record.build.id } } });
});

test('without a compiler the message names the command', async () => {
  const { site } = machine('never');
  vi.stubEnv('PATH', '/nowhere');
  await expect(makeBuild(vendored, order, site)).rejects.toThrow('building llama.cpp needs a C++ compiler, and none was found');
});
