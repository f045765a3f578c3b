import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { which } from '../../src/spawn.ts';
import { binary } from './cli.ts';

const enoughMs = 30_000;

/** `script` of util-linux gives a command a terminal; null where it is missing. */
export const script = which('script');

export const keys = { enter: '\n', interrupt: '\u0003', end: '\u0004' };

/** qpipe at a terminal, with somebody who reads and types. stdout and stderr are one screen. */
export class TerminalSession {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown[]>;
  #screen = '';
  #read = 0;

  constructor(args: string[], { cwd, env }: { cwd: string; env: Record<string, string> }) {
    const words = [process.execPath, binary, ...args].map((word) => `'${word}'`).join(' ');
    this.#child = spawn(script ?? '', ['-qec', `stty cols 200 rows 50; exec ${words}`, '/dev/null'], {
      cwd,
      env: { ...process.env, TERM: 'xterm', CI: '', ...env },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    this.#ended = once(this.#child, 'close');
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#screen += text;
    });
  }

  /** Waits for a question that was not answered yet, and answers it. */
  async answers(question: RegExp, answer: string): Promise<void> {
    await this.sees(question);
    this.#read = this.screen().length;
    this.#child.stdin?.write(answer);
  }

  /** Waits until that stands below what was answered last. */
  async sees(expected: RegExp): Promise<void> {
    const end = Date.now() + enoughMs;
    while (!expected.test(this.screen().slice(this.#read))) {
      if (Date.now() > end) throw new Error(`still waiting for ${expected}; on the screen is:\n${this.screen()}`);
      await setTimeout(20);
    }
  }

  screen(): string {
    return stripVTControlCharacters(this.#screen).replaceAll('\r', '');
  }

  /** The exit code of qpipe. */
  async ended(): Promise<number> {
    const [code] = await this.#ended;
    return Number(code);
  }
}
