import { constants } from 'node:os';

/** A mistake the user can mend. The message says what and how; it is printed as it stands. Exit code 2. */
export class UserError extends Error {
  override readonly name = 'UserError';
}

/** Something outside failed (a tool, the network, the disk) and was fully explained in the message. Exit code 1. */
export class Failure extends Error {
  override readonly name = 'Failure';
}

/** The user stopped the work. Exit code 130, as shells have it for Ctrl-C; 143 and 129 for SIGTERM and SIGHUP. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
  readonly by: StopSignal;
  constructor(by: StopSignal = 'SIGINT') {
    super('stopped');
    this.by = by;
  }

  get exitCode(): number {
    return 128 + constants.signals[this.by];
  }
}

export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** A bug of qpipe itself. Exit code 70. */
export class InternalError extends Error {
  override readonly name = 'InternalError';
}

/** An error of the operating system: a full disk, a missing right. Its message names the call and the path. */
export function isSystemError(thrown: unknown): thrown is NodeJS.ErrnoException {
  return thrown instanceof Error && 'syscall' in thrown && 'code' in thrown;
}

/** Closes a switch over a union: the compiler objects when a member is not handled. */
export function unreachable(value: never): never {
  throw new InternalError(`unexpected value ${JSON.stringify(value)}`);
}

/** The sentence of whatever was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
