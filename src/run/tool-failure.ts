import { constants } from 'node:os';
import { Failure } from '../errors.ts';
import type { ToolCall } from './operation.ts';

interface End {
  code: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
}

/** A tool that ended badly, with the reason that its output gives. */
export class ToolFailure extends Failure {
  constructor(call: ToolCall, end: End) {
    super(`${call.name} ${inWords(call, end)}`);
  }
}

/** A tool that exited with 0 and did not do its work all the same. */
export class Disbelieved extends Failure {}

function inWords(call: ToolCall, { code, signal, stdout, stderr }: End): string {
  const died = signal ?? signalOf(code);
  // By somebody else: what the tool printed before tells nothing of it.
  if (died === 'SIGKILL') return 'was killed (SIGKILL), most likely because memory ran out';
  if (died === 'SIGTERM') return 'was ended from outside (SIGTERM)';
  const end = died === null ? `failed with exit code ${code}` : `crashed (${died})`;
  const reason = call.explain?.(stdout, stderr) ?? (died === null ? undefined : silentCrashes[died]);
  return reason === undefined ? end : `${end}: ${reason}`;
}

const silentCrashes: Record<string, string> = {
  SIGILL: 'its build uses instructions that this processor lacks; build llama.cpp on this machine',
  SIGBUS: 'a file that it was reading was cut, or a disk failed',
  SIGXFSZ: 'no file may become as large as the one it wrote (ulimit -f)',
};

/** A shell around a tool tells of its death by a signal with an exit code above 128. */
function signalOf(code: number | null): string | null {
  const [name] = Object.entries(constants.signals).find(([, number]) => code === 128 + number) ?? [];
  return name ?? null;
}
