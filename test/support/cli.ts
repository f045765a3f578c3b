import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export const repository = fileURLToPath(new URL('../../', import.meta.url));
export const binary = `${repository}bin/qpipe.js`;

export interface Printed {
  code: number | null;
  stdout: string;
  stderr: string;
}

interface Place {
  cwd: string;
  env?: Record<string, string>;
}

/** Runs a program to its end. */
export async function runProgram(file: string, args: string[], place: Place): Promise<Printed> {
  const program = startProgram(file, args, place);
  return await program.ended;
}

export interface Running {
  child: ChildProcess;
  ended: Promise<Printed>;
  stdout(): string;
}

export function startProgram(file: string, args: string[], { cwd, env }: Place): Running {
  const child = spawn(file, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const texts = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]?.setEncoding('utf8').on('data', (text: string) => {
      texts[stream] += text;
    });
  }
  return { child, ended: once(child, 'close').then(([code]) => ({ code: code as number | null, ...texts })), stdout: () => texts.stdout };
}

/** Runs the built command. */
export function qpipe(args: string[], place: Place): Promise<Printed> {
  return runProgram(process.execPath, [binary, ...args], place);
}
