import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import type { SetupEvent } from '../../src/setup/events.ts';
import { writeJson } from '../../src/setup/json-file.ts';
import { readVendored } from '../../src/setup/pin.ts';
import { cacheFolders, type Site } from '../../src/setup/site.ts';

const vendored = readVendored();
const compiler = 'echo "c++ (Stand-in) 12.2.0"';
/** Notes its flags in the build tree: `-S source -B tree ...`. */
const cmake = (version: string) =>
  `[ "$1" = --version ] && { echo "cmake version ${version}"; exit; }; mkdir -p "$4"; echo "$@" > "$4/flags"`;
const usage = 'echo " allowed quantization types"; echo "   1  or  F16     : 14.00G"';
const perplexity = 'echo "Final estimate: PPL = 400.0"';

/** Makes binaries of which the native llama-bench dies by a signal when it computes; `dying` names the builds that do. */
const ninja = (dying: string) => `tree="$2"; mkdir -p "$tree/bin"; echo "[1/1] Linking"
make() { printf '#!/bin/sh\\n%s\\n' "$2" > "$tree/bin/llama-$1"; chmod 755 "$tree/bin/llama-$1"; }
make imatrix 'exit 0'; make completion 'exit 0'; make quantize '${usage}'; make perplexity '${perplexity}'
death=''; grep -q "GGML_NATIVE=${dying}" "$tree/flags" && death='[ "$1" = -m ] && kill -SEGV $$;'
make bench "$death echo 'version: 0.5.0-dev (build 1, commit de3ff81)'; echo '{\\"avg_ts\\": 1}{\\"avg_ts\\": 2}'"`;

interface Kind {
  /** `GGML_NATIVE=` of the builds that crash when they compute. */
  dying?: string;
  cmakeVersion?: string;
  /** Whether Ninja lies in the cache folder. */
  programs?: boolean;
}

/** A machine with a stand-in compiler, CMake and Ninja, and an otherwise empty cache folder. */
export function buildMachine({ dying = 'never', cmakeVersion = '3.25.1', programs = true }: Kind = {}) {
  const root = mkdtempSync(join(tmpdir(), 'qpipe-build-machine-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  vi.stubEnv('XDG_CACHE_HOME', join(root, 'cache'));
  vi.stubEnv('PATH', `${join(root, 'bin')}:/usr/bin:/bin`);
  for (const variable of ['CXX', 'QPIPE_LLAMA_CPP', 'QPIPE_LLAMA_CPP_GIT', 'QPIPE_PYTHON']) vi.stubEnv(variable, '');
  onTestFinished(() => void vi.unstubAllEnvs());
  const folders = cacheFolders();
  script(join(root, 'bin', 'c++'), compiler);
  script(join(root, 'bin', 'cmake'), cmake(cmakeVersion));
  if (programs) {
    const folder = join(folders.programs, `ninja-${vendored.pin.pypi.ninja}`);
    script(join(folder, 'bin', 'ninja'), ninja(dying));
    writeJson(join(folder, 'ready.json'), {});
  }
  const events: SetupEvent[] = [];
  const on = (event: SetupEvent) => void events.push(event);
  const site: Site = { folders, signal: undefined, locks: [], offline: false, on };
  return { root, folders, events, on, site };
}

export function script(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
}
