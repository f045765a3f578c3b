import { constants } from 'node:os';

/** A tool died by a signal of its own making while computing with one type. */
export interface SelfTestCrash {
  tool: string;
  type: string;
  signal: string;
}

/** Signals that a program brings on itself; SIGTERM, SIGINT and SIGKILL come from others. */
const ownSignals = ['SIGSEGV', 'SIGILL', 'SIGBUS', 'SIGFPE', 'SIGABRT', 'SIGTRAP', 'SIGSYS'];

/** The signal a program crashed with, also when a shell script around it turned that into an exit code of 128 + signal. */
export function crashSignal(exit: { code: number | null; signal: string | null }): string | null {
  const signal = exit.signal ?? signalOfCode(exit.code);
  return signal !== null && ownSignals.includes(signal) ? signal : null;
}

function signalOfCode(code: number | null): string | null {
  if (code === null || code <= 128) return null;
  return Object.entries(constants.signals).find(([, number]) => number === code - 128)?.[0] ?? null;
}
