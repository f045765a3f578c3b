import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, UserError } from '../errors.ts';
import { freeBytes } from '../free-bytes.ts';
import { makeFolder } from '../make-folder.ts';
import { capture } from '../spawn.ts';
import { checkSpace } from './free-space.ts';
import { findInterpreters, type Interpreter, interpreterProblem, serves } from './interpreter.ts';
import { writeJson } from './json-file.ts';
import type { Vendored } from './pin.ts';
import { downloadSizes, isInstalling, pipProblem, type Resolved, readReport, startedPackage } from './pip-output.ts';
import { type Environment, environmentFolder, environmentRecordPath } from './ready-environment.ts';
import { pace } from './seconds-left.ts';
import type { Site } from './site.ts';
import { runStep, type StepResult } from './step.ts';
import { type TorchSource, torchSources } from './torch.ts';

/** Wheels are kept in pip's cache and unpacked: torch's CPU wheel of 0.2 GB becomes 0.7 GB. */
const unpackedPerByte = 5;
const leastBytes = 1.5e9;

/** Makes the converter's environment. Its record is written last; what an interruption left behind is made afresh from pip's cache. */
export async function makeEnvironment(vendored: Vendored, python: string | null, site: Site): Promise<Environment> {
  const interpreter = await servingInterpreter(vendored, python);
  const folder = environmentFolder(site.folders.python, vendored, interpreter);
  rmSync(folder, { recursive: true, force: true });
  site.on({ type: 'note', sentence: `The converter's Python packages are installed with Python ${interpreter.version} into ${folder}.` });
  await must(runStep(site, { name: 'venv', file: interpreter.path, args: ['-m', 'venv', folder] }), `python -m venv ${folder}`);
  const pip = pipIn(folder, site);
  const resolved = await resolve(vendored, pip, site);
  await announce(resolved.packages, site);
  await install(vendored, resolved, pip, site);
  const environment = await describe(vendored, folder, python);
  writeJson(environmentRecordPath(folder), environment);
  return environment;
}

async function servingInterpreter({ pin }: Vendored, python: string | null): Promise<Interpreter> {
  const found = await findInterpreters(python, pin.python);
  const good = found.find((interpreter) => serves(interpreter, pin.python));
  if (good === undefined) throw new UserError(interpreterProblem(python, found, pin.python));
  return good;
}

type Pip = (name: string, args: string[], onLine?: (line: string) => void) => Promise<StepResult>;

function pipIn(folder: string, site: Site): Pip {
  const file = join(folder, 'bin', 'python');
  const always = ['-m', 'pip', 'install', '--no-input', '--progress-bar', 'off', '--disable-pip-version-check'];
  return (name, args, onLine) =>
    runStep(site, { name, file, args: [...always, ...args], env: { PYTHONUNBUFFERED: '1' }, ...(onLine === undefined ? {} : { onLine }) });
}

interface Resolution {
  packages: Resolved[];
  torch: TorchSource;
}

/** Asks pip what it would install from where, so that sizes can be said before anything is downloaded. */
async function resolve({ pin, requirements }: Vendored, pip: Pip, site: Site): Promise<Resolution> {
  makeFolder(site.folders.logs);
  const report = join(site.folders.logs, 'pip-report.json');
  const dryRun = ['--dry-run', '--ignore-installed', '--report', report];
  site.on({ type: 'step', name: 'packages: looking them up', done: 0, total: 0, secondsLeft: null });
  await must(pip('pip-resolve', [...dryRun, '--no-deps', '-r', requirements.path]), 'looking up the Python packages');
  const packages = readReport(report);
  for (const torch of torchSources(pin.python.torch, process.env)) {
    const result = await pip('pip-resolve-torch', [...dryRun, ...torch.args, '--constraint', requirements.path]);
    if (result.ok)
      return {
        torch,
        packages: [...packages, ...readReport(report).filter((item) => !packages.some((known) => known.name === item.name))],
      };
    site.on({
      type: 'tried',
      source: `torch ${pin.python.torch} from ${torch.name}`,
      problem: pipProblem(result.output) ?? result.problem,
    });
  }
  throw new Failure(
    `torch ${pin.python.torch} could not be found for this Python and platform; name an index that has it with QPIPE_TORCH_INDEX, or another interpreter with QPIPE_PYTHON`,
  );
}

async function announce(packages: Resolved[], site: Site): Promise<void> {
  const { bytes, unknown } = await downloadSizes(packages);
  const free = freeBytes(site.folders.root);
  site.on({ type: 'download', what: `${packages.length} Python packages for the converter`, bytes, unknown, freeBytes: free });
  checkSpace(site.folders.root, Math.max(bytes * unpackedPerByte, leastBytes), "the converter's Python environment", free);
}

/** torch first: the long one, and the one that fails. */
async function install({ requirements }: Vendored, { packages, torch }: Resolution, pip: Pip, site: Site): Promise<void> {
  const started = new Set<string>();
  const total = packages.length + 2;
  const left = pace();
  let installs = 0;
  const follow = (line: string) => {
    const name = startedPackage(line);
    if (name !== null) started.add(name);
    if (isInstalling(line)) installs++;
    if (name === null && !isInstalling(line)) return;
    const done = Math.min(Math.max(started.size - 1, 0) + installs, total);
    site.on({ type: 'step', name: 'packages', done, total, secondsLeft: left(done, total) });
  };
  await must(pip('pip-torch', [...torch.args, '--constraint', requirements.path], follow), 'installing torch');
  await must(pip('pip-packages', ['--no-deps', '-r', requirements.path], follow), "installing the converter's packages");
  site.on({ type: 'step', name: 'packages', done: total, total, secondsLeft: 0 });
}

async function must(step: Promise<StepResult>, what: string): Promise<void> {
  const result = await step;
  if (!result.ok) throw new Failure(`${what} failed: ${pipProblem(result.output) ?? result.problem} (log: ${result.log})`);
}

const versions = `
import json, sys
from importlib.metadata import distributions
import torch, transformers
print(json.dumps({'python': '.'.join(map(str, sys.version_info[:3])), 'packages': {d.metadata['Name']: d.version for d in distributions()}}))
`;

/** Imports what the converter imports: an environment that cannot is not one. */
async function describe({ requirements, pin }: Vendored, folder: string, named: string | null): Promise<Environment> {
  const python = join(folder, 'bin', 'python');
  const { code, stdout, stderr } = await capture(python, ['-c', versions], { timeoutMs: 300_000 });
  if (code !== 0) throw new Failure(`the Python environment in ${folder} does not work: ${stderr.trim().split('\n').at(-1)}`);
  const found = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Pick<Environment, 'packages'> & { python: string };
  return {
    python,
    named,
    pythonVersion: found.python,
    requirements: requirements.sha256,
    torch: pin.python.torch,
    packages: found.packages,
  };
}
