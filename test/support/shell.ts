import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { howToInstall, type Shell } from '../../src/cli/completion/shells.ts';
import { which } from '../../src/spawn.ts';
import { binary, runProgram } from './cli.ts';
import type { Workspace } from './workspace.ts';

const enoughMs = 30_000;
const quietMs = 150;

/** Answers what the completion asks as qpipe does and notes that it did, so that nobody has to guess how long that takes; otherwise shows its arguments. */
const standIn = `#!/bin/sh
case $1 in
  completion) "${process.execPath}" "${binary}" "$@"; code=$?; echo >> "$HOME/answers"; exit $code ;;
  *) printf '[%s]' "$@"; echo END ;;
esac
`;

/** A folder that is somebody's home, with qpipe on the path and its completion installed by the line that the help shows. */
export class HomeWithCompletion {
  readonly #space: Workspace;
  readonly #shell: Shell;
  readonly env: Record<string, string>;

  private constructor(shell: Shell, space: Workspace) {
    this.#shell = shell;
    this.#space = space;
    const PATH = `${space.path('bin')}:${process.env['PATH']}`;
    this.env = { HOME: space.root, PATH, TERM: 'xterm', XDG_CONFIG_HOME: '', XDG_DATA_HOME: '', ZDOTDIR: space.root, QPIPE_OUT: '' };
  }

  static async make(shell: Shell, space: Workspace): Promise<HomeWithCompletion> {
    const home = new HomeWithCompletion(shell, space);
    space.write('bin/qpipe', standIn);
    await runProgram('chmod', ['+x', space.path('bin/qpipe')], { cwd: space.root });
    // fish makes it when it is first started.
    mkdirSync(space.path('.config/fish/completions'), { recursive: true });
    const line = new RegExp(`^ +${shell} +(.*)$`, 'm').exec(howToInstall)?.[1] ?? '';
    const installed = await runProgram('sh', ['-c', line], { cwd: space.root, env: home.env });
    if (installed.code !== 0) throw new Error(`${line}: ${installed.stderr}`);
    return home;
  }

  /** A new shell there, at a terminal. */
  async open(): Promise<ShellAtTerminal> {
    const terminal = new ShellAtTerminal(this.#shell, this);
    await terminal.ready();
    return terminal;
  }

  get root(): string {
    return this.#space.root;
  }

  /** Process id of the shell that was opened last. */
  startedShell(): number {
    return Number(this.#space.read('shell'));
  }

  /** How often a completion was answered. */
  answers(): number {
    return existsSync(this.#space.path('answers')) ? this.#space.read('answers').length : 0;
  }
}

class ShellAtTerminal {
  readonly #shell: Shell;
  readonly #home: HomeWithCompletion;
  readonly #child: ChildProcess;
  #pid = 0;
  #screen = '';
  #changed = Date.now();

  constructor(shell: Shell, home: HomeWithCompletion) {
    this.#shell = shell;
    this.#home = home;
    const command = `echo $$ > "$HOME/shell"; stty cols 120 rows 50; exec ${shell} -i`;
    this.#child = spawn(which('script') ?? '', ['-qec', command, '/dev/null'], {
      cwd: home.root,
      env: { ...process.env, ...home.env },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#screen += text;
      this.#changed = Date.now();
    });
  }

  async ready(): Promise<void> {
    await this.#until(() => this.#screen !== '');
    this.#pid = this.#home.startedShell();
    await this.#enters('qpipe ready');
  }

  /** Types a line and a tab. @returns what qpipe is then called with */
  async completes(line: string): Promise<string[]> {
    await this.#asks(`${line}\t`);
    return await this.#enters('');
  }

  /** Types a line and tabs until the screen shows what is expected. The shell is good for nothing else afterwards. */
  async lists(line: string, expected: RegExp): Promise<void> {
    await this.#asks(`${line}\t`);
    if (this.#shell === 'bash') await this.#asks('\t');
    await this.#sees(expected);
  }

  /** Ends the shell itself: one whose terminal is gone still writes its history. */
  async close(): Promise<void> {
    const ended = once(this.#child, 'close');
    process.kill(this.#pid, 'SIGKILL');
    await ended;
  }

  async #asks(keys: string): Promise<void> {
    const before = this.#home.answers();
    this.#type(keys);
    await this.#until(() => this.#home.answers() > before);
    await this.#quiet();
  }

  async #enters(rest: string): Promise<string[]> {
    this.#type(`${rest}\n`);
    const words = await this.#sees(/((?:\[[^\]\n]*\])+)END/);
    await this.#quiet();
    return [...words.matchAll(/\[([^\]]*)\]/g)].map(([, word = '']) => word);
  }

  #type(keys: string): void {
    if (!keys.startsWith('\t')) this.#screen = '';
    this.#changed = Date.now();
    this.#child.stdin?.write(keys);
  }

  async #sees(expected: RegExp): Promise<string> {
    await this.#until(() => expected.test(this.#text()));
    return expected.exec(this.#text())?.[0] ?? '';
  }

  /** A shell that reads keys while it is about to draw loses some. */
  async #quiet(): Promise<void> {
    await this.#until(() => Date.now() - this.#changed > quietMs);
  }

  #text(): string {
    return stripVTControlCharacters(this.#screen).replaceAll('\r', '');
  }

  async #until(holds: () => boolean): Promise<void> {
    const end = Date.now() + enoughMs;
    while (!holds()) {
      if (Date.now() > end) throw new Error(`still waiting; on the screen is:\n${this.#text()}`);
      await setTimeout(20);
    }
  }
}
