import { execFile } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findInterpreters, type Interpreter, interpreterProblem, serves } from '../../src/setup/interpreter.ts';
import { readVendored } from '../../src/setup/pin.ts';
import { cacheFolders } from '../../src/setup/site.ts';
import { lock } from '../../src/store/lock.ts';

const version = '2.4.0';
const { python: range } = readVendored().pin;
const execute = promisify(execFile);

/** Python's huggingface_hub in an environment of its own. */
export interface PythonHub {
  python: string;
  /** The `hf` command. */
  hf: string;
}

/** Why there can be no environment on this machine; null when there can. */
export async function pythonHubProblem(): Promise<string | null> {
  const found = await findInterpreters(null, range);
  return found.some((interpreter) => serves(interpreter, range)) ? null : interpreterProblem(null, found, range);
}

/**
 * The environment in the user's cache folder, made by whoever is the first to need it while the others wait; 15 seconds.
 * Throws where there is no Python, or pip cannot install.
 */
export async function pythonHub(): Promise<PythonHub> {
  const interpreter = (await findInterpreters(null, range)).find((candidate) => serves(candidate, range));
  if (interpreter === undefined) throw new Error((await pythonHubProblem()) ?? 'Python has just gone');
  const folder = join(cacheFolders().root, 'tests', `huggingface_hub-${version}-python-${interpreter.version}`);
  using _ = await lock(`${folder}.lock`, { what: 'installing huggingface_hub' });
  const ready = join(folder, 'ready');
  if (!existsSync(ready)) {
    await install(interpreter, folder);
    writeFileSync(ready, '');
  }
  return { python: join(folder, 'bin', 'python'), hf: join(folder, 'bin', 'hf') };
}

/** How a Python program reaches a local Hub and nothing else, with its cache and settings in a folder of the test's. */
export function pythonHubEnvironment(endpoint: string, home: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    HF_ENDPOINT: endpoint,
    HF_HOME: home,
    HF_HUB_CACHE: join(home, 'hub'),
    HF_TOKEN: 'hf_x',
    HF_HUB_DISABLE_XET: '1',
    HF_HUB_DISABLE_UPDATE_CHECK: '1',
    HF_HUB_DISABLE_TELEMETRY: '1',
    HF_HUB_DISABLE_PROGRESS_BARS: '1',
  };
}

/** What an interruption left behind is made afresh. */
async function install({ path }: Interpreter, folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  await execute(path, ['-m', 'venv', folder]);
  const quiet = ['--quiet', '--no-input', '--disable-pip-version-check'];
  await execute(join(folder, 'bin', 'python'), ['-m', 'pip', 'install', ...quiet, `huggingface_hub==${version}`]);
}
