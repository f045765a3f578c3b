import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FakeLab } from './fake-lab.ts';
import type { Written } from './lab.ts';

const script = fileURLToPath(new URL('./run-pipeline.mjs', import.meta.url));

export interface OtherProcess {
  child: ChildProcess;
  /** Its exit code, null when it was killed. */
  ended: Promise<number | null>;
  printed(): string;
}

let count = 0;

/** Runs a lab's pipeline in a process of its own, with the built package. */
export function runInProcess({ workspace, tools, pipeline }: FakeLab, changes: Written = {}): OtherProcess {
  const name = `process-${count++}`;
  const file = workspace.write(`work/${name}.yaml`, JSON.stringify({ ...pipeline, ...changes }));
  const spec = workspace.write(`${name}.json`, JSON.stringify({ file, out: workspace.path('out'), tools, threads: 2 }));
  const log = workspace.path(`${name}.log`);
  const fd = openSync(log, 'a');
  const child = spawn(process.execPath, [script, spec], { stdio: ['ignore', fd, fd] });
  return { child, ended: once(child, 'exit').then(([code]) => code as number | null), printed: () => readFileSync(log, 'utf8') };
}

/** Whether any process of a group is left. One that has ended and that nobody has asked about yet (a zombie) is not. */
export function groupLives(leader: number): boolean {
  const stats = readdirSync('/proc').flatMap((pid) => (/^\d+$/.test(pid) ? statOf(pid) : []));
  return stats.some((stat) => stat.group === leader && stat.state !== 'Z');
}

/** From /proc/PID/stat: `8012 (node) S 1 8012 ...`. */
function statOf(pid: string): { state: string; group: number }[] {
  try {
    const [state = '', , group] = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return [{ state, group: Number(group) }];
  } catch {
    return [];
  }
}
