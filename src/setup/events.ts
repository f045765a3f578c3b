import type { Holder } from '../store/lock.ts';

/** Everything the set-up says. It never prints. */
export type SetupEvent =
  /** Which llama.cpp is used, and where it was found. */
  | { type: 'found'; origin: 'named' | 'environment' | 'cache' | 'path'; what: string }
  /** Another process is setting up; its result will be taken. */
  | { type: 'waiting'; holder: Holder | null }
  /** One way to get something did not work; the next one follows. */
  | { type: 'tried'; source: string; problem: string }
  /** A long step. `total` is 0 while it is not known. */
  | { type: 'step'; name: string; done: number; total: number; secondsLeft: number | null }
  /** What is about to be downloaded. `unknown` names what has no known size. */
  | { type: 'download'; what: string; bytes: number; unknown: string[]; freeBytes: number }
  | { type: 'note'; sentence: string };

export type Emit = (event: SetupEvent) => void;
