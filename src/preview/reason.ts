/** Why a task has to run. The first one is the most telling. */
export type Reason =
  | { kind: 'never-run' }
  | { kind: 'forced' }
  /** Another run makes it at this moment: this one would wait, and take it. */
  | { kind: 'at-work' }
  /** The run before was stopped or killed while it was at work. */
  | { kind: 'interrupted'; run: string }
  | { kind: 'failed'; run: string; message: string }
  | Change
  /** Files of the Hub that are needed and not in the cache. */
  | { kind: 'to-fetch'; files: number; bytes: number }
  /** An input comes from a task that has to run first; with the same bytes from there this one need not run. */
  | { kind: 'after'; task: string }
  /** The record is there, the bytes are not, or were edited in place. */
  | { kind: 'output-missing'; name: string }
  | { kind: 'output-modified'; name: string }
  /** The record of the same key is gone or cannot be read. */
  | { kind: 'record-lost'; key: string }
  /** llama.cpp is not set up, so nothing can be known to be made already. */
  | { kind: 'no-tools' };

/** A part of the key that differs. `old` and `new` are null where there was or is nothing. */
export type Change =
  | { kind: 'input'; role: string; name: string; old: string | null; new: string | null; from: string | null }
  | { kind: 'params'; path: string; old: unknown; new: unknown }
  /** The tool, the converter, the platform or the machine: `build`, `converter`, `platform`, `cpu`, `machine`. */
  | { kind: 'identity'; name: string; old: string | null; new: string | null }
  | { kind: 'operation'; old: number; new: number };
