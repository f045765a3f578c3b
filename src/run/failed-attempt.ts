import { join } from 'node:path';
import { Failure, isSystemError, messageOf } from '../errors.ts';
import { harmless } from '../harmless.ts';

/** What is known of a failed attempt beside its reason. */
export interface Account {
  /** The tool's command line as it was run: its names are those in a folder that is gone. Null when no tool failed. */
  ran: string | null;
  /** A command that does the same again, wherever it is typed. */
  command: string | null;
  /** The end of what the tool printed. */
  lastLines: string[];
  /** Folder of what it printed. Null when there is none. */
  log: string | null;
}

export const noAccount: Account = { ran: null, command: null, lastLines: [], log: null };

export class FailedAttempt extends Failure {
  readonly account: Account;

  constructor(cause: unknown, account: Account) {
    super(reasonOf(cause));
    this.account = account;
  }
}

export function reasonOf(thrown: unknown): string {
  const isFull = isSystemError(thrown) && ['ENOSPC', 'EDQUOT'].includes(thrown.code ?? '');
  return harmless(isFull ? `the disk is full: make room, or name another folder with --out (${thrown.message})` : messageOf(thrown));
}

/** Where a run keeps what a failed task's tool printed, and the script that does its last call again. */
export function failureFolder(runFolder: string, task: string): string {
  return join(runFolder, 'failed', encodeURIComponent(task));
}
