import { createInterface, type Interface } from 'node:readline/promises';
import { Stopped, UserError } from '../errors.ts';

/** Asks a person at the terminal, on stderr: stdout carries what was asked for. */
export class Questions implements Disposable {
  readonly #reader: Interface;
  readonly #stop: AbortSignal;

  constructor(signal: AbortSignal) {
    this.#reader = createInterface({ input: process.stdin, output: process.stderr });
    const closing = new AbortController();
    this.#stop = AbortSignal.any([signal, closing.signal]);
    // The terminal hands Ctrl-C over as a key; it shall mean what it means everywhere. Ctrl-D ends the answers, which ends the questions.
    this.#reader.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
    this.#reader.on('close', () => closing.abort());
  }

  /**
   * Asks until the answer can be read; Enter takes the preset.
   * @param read throws UserError with what is wrong with an answer. Throws Stopped.
   */
  async ask<T>(question: string, preset: string, read: (answer: string) => T): Promise<T> {
    for (;;) {
      const answer = await this.answer(`${question} [${preset}] `);
      try {
        return read(answer === '' ? preset : answer);
      } catch (thrown) {
        if (!(thrown instanceof UserError)) throw thrown;
        process.stderr.write(`  ${thrown.message}\n`);
      }
    }
  }

  [Symbol.dispose](): void {
    this.#reader.close();
  }

  private async answer(question: string): Promise<string> {
    try {
      return (await this.#reader.question(question, { signal: this.#stop })).trim();
    } catch (thrown) {
      if (this.#stop.aborted) throw new Stopped();
      throw thrown;
    }
  }
}
