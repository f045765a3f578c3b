import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asDoit, asMake, asNinja, fileGraph, layOut } from './graph.mjs';
import { fromPython, onPath } from './programs.mjs';
import { timed } from './timed.mjs';

const doit = { program: 'doit', requirement: 'doit', version: '0.36.0' };

/** Other programs that run what is not made yet, on the same graph, made once. One that is not there has `absent`: why. */
export function otherRunners(tasks, folder) {
  const graph = fileGraph(tasks);
  const known = [
    { name: 'ninja', file: 'build.ninja', text: asNinja(graph), program: onPath('ninja') },
    { name: 'make', file: 'Makefile', text: asMake(graph), program: onPath('make') },
    { name: 'doit', file: 'dodo.py', text: asDoit(graph), program: fromPython(join(folder, 'doit-environment'), doit) },
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
