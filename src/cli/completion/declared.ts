import type { Argv } from 'yargs';
import type { Exit } from '../declare/exit.ts';

/** A flag, or a word at a place of its own. */
export interface Argument {
  name: string;
  describe: string;
  /** A flag that stands alone, such as `--json`. */
  alone: boolean;
  /** Takes any number of words. */
  many: boolean;
  number: boolean;
  /** `--no-` and the name: what is on unless one says so. */
  negated: boolean;
  choices: readonly string[];
}

export interface Declared {
  commands: (Declared & { name: string; describe: string })[];
  flags: Argument[];
  places: Argument[];
}

/** What is handed to `option` and `positional`, as far as it matters here. */
interface About {
  type?: string;
  describe?: string;
  array?: boolean;
  default?: unknown;
  choices?: readonly string[];
  hidden?: boolean;
}

export type Declare = (y: Argv, exit: Exit) => Argv;

/** All commands with their flags, from the declarations that yargs gets too: yargs itself does not tell what a flag takes. */
export function commandsIn(declarations: Declare[]): Declared {
  return recorded((y) => declarations.reduce((parser, declare) => declare(parser, async () => {}), y), '');
}

/** Runs a declaration against something that only takes down what it is told. */
function recorded(declare: (y: Argv) => unknown, usage: string): Declared {
  const commands: Declared['commands'] = [];
  const flags: Argument[] = [];
  const about = new Map<string, Argument>();
  const hears: Record<string, (...args: never[]) => void> = {
    command: (usage: string, describe: string, declareInner: (y: Argv) => unknown) => {
      commands.push({ name: usage.replace(/ .*/, ''), describe, ...recorded(declareInner, usage) });
    },
    option: (name: string, told: About) => {
      if (!told.hidden) flags.push(argument(name, told));
    },
    positional: (name: string, told: About) => about.set(name, argument(name, told)),
  };
  const hear = (method: string | symbol) => {
    return (...args: never[]) => {
      hears[String(method)]?.(...args);
      return recorder;
    };
  };
  const recorder: object = new Proxy({}, { get: (_, method) => hear(method) });
  declare(recorder as Argv);
  const places = [...usage.matchAll(/[<[]([\w-]+)(\.\.)?/g)].map(([, name = '', many]) => ({
    ...(about.get(name) ?? argument(name, {})),
    many: many !== undefined,
  }));
  return { commands, flags, places };
}

function argument(name: string, { type, describe = '', array = false, default: preset, choices = [] }: About): Argument {
  return { name, describe, alone: type === 'boolean', many: array, number: type === 'number', negated: preset === true, choices };
}
