import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Stopped } from '../errors.ts';
import { makeFolder } from '../make-folder.ts';
import { spawn } from '../spawn.ts';
import type { Site } from './site.ts';

export interface Step {
  /** Names the log file. */
  name: string;
  file: string;
  args: string[];
  cwd?: string;
  env?: Record<string, string>;
  onLine?: (line: string) => void;
}

export type StepResult = { ok: true; output: string } | { ok: false; problem: string; output: string; log: string };

/** Runs one long command of the set-up with the user's own environment (proxies, CC, PIP_*), its output in a log file. */
export async function runStep(site: Site, step: Step): Promise<StepResult> {
  if (site.signal?.aborted) throw new Stopped();
  makeFolder(site.folders.logs);
  const log = join(site.folders.logs, `${step.name}.log`);
  rmSync(log, { force: true });
  const exit = await spawn({
    file: step.file,
    args: step.args,
    cwd: step.cwd ?? site.folders.root,
    environment: 'user',
    ...(step.env === undefined ? {} : { env: step.env }),
    stdout: log,
    stderr: log,
    ...(step.onLine === undefined ? {} : { onLine: onceEach(step.onLine) }),
    signal: site.signal,
    locks: site.locks,
  });
  if (exit.cancelled || site.signal?.aborted) throw new Stopped();
  const output = readFileSync(log, 'utf8');
  if (exit.code === 0) return { ok: true, output };
  const how = exit.code === null ? `ended by ${exit.signal}` : `exit code ${exit.code}`;
  return { ok: false, problem: `${lastWords(output)} (${how})`, output, log };
}

/** Both streams go to one file, which is tailed twice; one of the two is enough. */
function onceEach(onLine: (line: string) => void) {
  return (line: string, stream: string) => {
    if (stream === 'stdout') onLine(line);
  };
}

/** The line that explains a failure: the first that speaks of an error, else the last. */
export function lastWords(output: string): string {
  const lines = output.split(/[\r\n]+/).filter((line) => line.trim() !== '');
  return (lines.find((line) => /\b(error|fatal)\b/i.test(line)) ?? lines.at(-1) ?? 'no output').trim();
}
