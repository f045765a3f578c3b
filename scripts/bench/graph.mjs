import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A run's tasks and what each reads, for tools that know files only: every task makes one file of its inputs. */
export function fileGraph(tasks) {
  const sources = new Map();
  const source = (path) => {
    if (!sources.has(path)) sources.set(path, `source-${sources.size}`);
    return sources.get(path);
  };
  const targets = tasks.map((task) => {
    const inputs = Object.values(task.inputs).flat();
    return {
      name: fileName(task.id),
      inputs: [...new Set(inputs.map((input) => ('path' in input.source ? source(input.source.path) : fileName(input.source.task))))],
    };
  });
  return { targets, sources: [...sources.values()] };
}

function fileName(id) {
  return id.replace(/[^\w.-]/g, '_');
}

/** An empty folder with the sources in it. */
export function layOut(folder, { sources }) {
  mkdirSync(folder);
  for (const name of sources) writeFileSync(join(folder, name), `${name}\n`);
}

export function asNinja({ targets }) {
  const rule = 'rule copy\n  command = cat $in > $out\n';
  return rule + targets.map(({ name, inputs }) => `build ${name}: copy ${inputs.join(' ')}\n`).join('');
}

export function asMake({ targets }) {
  const all = `all: ${targets.map(({ name }) => name).join(' ')}\n`;
  return all + targets.map(({ name, inputs }) => `${name}: ${inputs.join(' ')}\n\tcat $^ > $@\n`).join('');
}

export function asDoit({ targets }) {
  return `GRAPH = ${JSON.stringify(targets)}

def task_graph():
    for task in GRAPH:
        yield {
            'name': task['name'],
            'file_dep': task['inputs'],
            'targets': [task['name']],
            'actions': ['cat ' + ' '.join(task['inputs']) + ' > ' + task['name']],
        }
`;
}
