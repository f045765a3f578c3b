import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Where a program of this machine is, and its version; one that is not there has `absent`: why. */
export function onPath(name) {
  const { error, stdout } = spawnSync(name, ['--version'], { encoding: 'utf8' });
  return error ? { absent: 'not on PATH' } : { path: name, version: /\d+(\.\d+)+/.exec(stdout)?.[0] };
}

/** A program that comes as a package of Python's, in a new environment of its own; `absent`: why it is not there. */
export function fromPython(folder, { program, requirement, version }) {
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--retries', '0'];
  const commands = [
    ['python3', '-m', 'venv', folder],
    [join(folder, 'bin', 'python'), ...install, `${requirement}==${version}`],
  ];
  const failed = commands.find(([file, ...args]) => spawnSync(file, args, { stdio: 'ignore' }).status !== 0);
  if (failed) return { absent: `${failed.includes('pip') ? 'pip could not install it' : 'python3 made no environment'}` };
  return { path: join(folder, 'bin', program), version };
}
