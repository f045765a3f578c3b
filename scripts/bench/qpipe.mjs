import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { timed } from './timed.mjs';

export const repository = fileURLToPath(new URL('../../', import.meta.url));
const demo = join(repository, 'pipelines', 'demo.yaml');
const hook = fileURLToPath(new URL('./peak-memory.mjs', import.meta.url));

/** The arguments of Node for a command of qpipe. */
export function qpipe(...args) {
  return [join(repository, 'bin', 'qpipe.js'), ...args];
}

export function aboutDemo(command, { out, threads }) {
  return qpipe(command, demo, '--out', out, ...(threads === null ? [] : ['--threads', String(threads)]));
}

/** Runs the demo and reads what the run left behind. */
export function runDemo({ out, threads, measureMemory = false }) {
  const memoryFile = `${out}.peak-memory`;
  const args = [...(measureMemory ? ['--import', hook] : []), ...aboutDemo('run', { out, threads }), '--quiet'];
  const { seconds, startedAt } = timed(process.execPath, args, { env: { ...process.env, PEAK_MEMORY_FILE: memoryFile } });
  const { plan, events } = newestRun(out);
  const firstBenchmark = events.find(({ type, task }) => type === 'task-start' && task.startsWith('bench:'));
  return {
    out,
    seconds,
    secondsToBenchmarks: (Date.parse(firstBenchmark.ts) - startedAt) / 1000,
    tasks: plan.tasks,
    records: recordsOf(out, events),
    peakMemory: measureMemory ? Number(readFileSync(memoryFile, 'utf8')) * 1024 : null,
  };
}

/** The plan and the events of the last run into a folder. */
export function newestRun(out) {
  const runs = join(out, 'store', 'runs');
  const folder = join(runs, readdirSync(runs).sort().at(-1));
  const lines = readFileSync(join(folder, 'events.ndjson'), 'utf8').trimEnd().split('\n');
  return { plan: JSON.parse(readFileSync(join(folder, 'plan.json'), 'utf8')), events: lines.map((line) => JSON.parse(line)) };
}

/** The record of each task that the run made. */
function recordsOf(out, events) {
  const done = events.filter(({ type }) => type === 'task-done');
  return new Map(
    done.map(({ task, key }) => [task, JSON.parse(readFileSync(join(out, 'store', 'ac', key.slice(0, 2), `${key}.json`), 'utf8'))]),
  );
}
