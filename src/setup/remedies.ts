import { which } from '../spawn.ts';

/** The command that installs a program on this kind of system. */
export type SystemKind = 'debian' | 'fedora' | 'arch' | 'mac' | 'other';

function systemKind(): SystemKind {
  if (process.platform === 'darwin') return 'mac';
  if (which('apt-get') !== null) return 'debian';
  if (which('dnf') !== null) return 'fedora';
  return which('pacman') !== null ? 'arch' : 'other';
}

export type Remedied = 'git' | 'compiler' | 'python' | 'venv' | 'npm';

const commands: Record<Exclude<SystemKind, 'other'>, Record<Remedied, string>> = {
  debian: {
    git: 'sudo apt-get install git',
    compiler: 'sudo apt-get install g++',
    python: 'sudo apt-get install python3 python3-venv',
    venv: 'sudo apt-get install python3-venv',
    npm: 'sudo apt-get install npm',
  },
  fedora: {
    git: 'sudo dnf install git',
    compiler: 'sudo dnf install gcc-c++',
    python: 'sudo dnf install python3',
    venv: 'sudo dnf install python3',
    npm: 'sudo dnf install npm',
  },
  arch: {
    git: 'sudo pacman -S git',
    compiler: 'sudo pacman -S gcc',
    python: 'sudo pacman -S python',
    venv: 'sudo pacman -S python',
    npm: 'sudo pacman -S npm',
  },
  mac: {
    git: 'xcode-select --install',
    compiler: 'xcode-select --install',
    python: 'brew install python',
    venv: 'brew install python',
    npm: 'brew install node',
  },
};

const others: Record<Remedied, string> = {
  git: 'install git',
  compiler: 'install a C++17 compiler (g++ or clang++)',
  python: 'install Python 3.11 or later with its venv module',
  venv: "install Python's venv module",
  npm: 'install npm',
};

export function remedy(what: Remedied, system: SystemKind = systemKind()): string {
  return system === 'other' ? others[what] : commands[system][what];
}
