import type { Pipeline } from '../../pipeline/pipeline.ts';
import type { Row } from '../planned.ts';
import type { TaskBook } from '../task-book.ts';
import { benchThreads, excludes, speedIdentity } from './speed.ts';

/** Loading and memory, with what the process itself takes; null where nobody asked. */
export function load(book: TaskBook, { name, file }: Pick<Row, 'name' | 'file'>): string | null {
  const { pipeline, facts } = book;
  if (!pipeline.load) return null;
  const { quants: _quants, ...settings } = pipeline.load;
  const shared = {
    threads: benchThreads(pipeline, facts),
    gpuLayers: pipeline.tools.gpuLayers,
    args: pipeline.tools.args.completion ?? [],
  };
  const overhead = book.add('overhead', null, {
    params: shared,
    inputs: {},
    outputs: ['overhead.json'],
    identity: speedIdentity(book),
    exclusive: true,
  });
  return book.add('load', name, {
    params: { ...settings, ...shared, ubatch: pipeline.bench?.ubatch ?? 512 },
    inputs: { model: file, overhead: [{ name: 'overhead.json', source: { task: overhead, output: 'overhead.json' } }] },
    outputs: [],
    identity: speedIdentity(book),
    exclusive: true,
  });
}

/** Why the load of this row is not wanted; null when it is, or when nobody asked for any. */
export function loadExcludes({ load }: Pipeline, row: string): string | null {
  return load ? excludes(load.quants, row, 'load.quants') : null;
}
