import { spawnSync } from 'node:child_process';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asDoit, asMake, asNinja, fileGraph, layOut } from './graph.mjs';
import { timed } from './timed.mjs';

const doitVersion = '0.36.0';

/** Other programs that run what is not made yet, on the same graph, made once. One that is not there has `absent`: why. */
export function otherRunners(tasks, folder) {
  const graph = fileGraph(tasks);
  const known = [
    { name: 'ninja', file: 'build.ninja', text: asNinja(graph), program: onPath('ninja') },
    { name: 'make', file: 'Makefile', text: asMake(graph), program: onPath('make') },
    { name: 'doit', file: 'dodo.py', text: asDoit(graph), program: doit(join(folder, 'doit-environment')) },
  ];
  return known.map(({ name, file, text, program: { path, version, absent } }) => {
    if (absent) return { name, absent };
    const cwd = join(folder, name);
    layOut(cwd, graph);
    writeFileSync(join(cwd, file), text);
    timed(path, [], { cwd });
    return {
      name,
      version,
      file: path,
      args: [],
      cwd,
      times: () => graph.targets.map((target) => statSync(join(cwd, target.name)).mtimeMs).join(),
    };
  });
}

function onPath(name) {
  const { error, stdout } = spawnSync(name, ['--version'], { encoding: 'utf8' });
  return error ? { absent: 'not on PATH' } : { path: name, version: /\d+(\.\d+)+/.exec(stdout)?.[0] };
}

function doit(folder) {
  const commands = [
    ['python3', '-m', 'venv', folder],
    [
      join(folder, 'bin', 'python'),
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      '--retries',
      '0',
      `doit==${doitVersion}`,
    ],
  ];
  const failed = commands.find(([file, ...args]) => spawnSync(file, args, { stdio: 'ignore' }).status !== 0);
  if (failed) return { absent: `${failed.includes('pip') ? 'pip could not install it' : 'python3 made no environment'}` };
  return { path: join(folder, 'bin', 'doit'), version: doitVersion };
}
