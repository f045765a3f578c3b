import { existsSync, readFileSync } from 'node:fs';

/** Processor time since the machine started, over all cores, in seconds. */
export interface BusyTime {
  /** Everybody's, and what a hypervisor gave to other machines. */
  all: number;
  /** This process and the children that have ended. */
  own: number;
}

/** Linux counts in hundredths of a second for programs, whatever the kernel itself counts in. */
const ticks = 100;

/** Null where the system does not say. @param root where /proc begins; another one in tests */
export function readBusyTime(root = '/'): BusyTime | null {
  const [stat, self] = [`${root}proc/stat`, `${root}proc/self/stat`];
  if (!existsSync(stat) || !existsSync(self)) return null;
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = numbers(readFileSync(stat, 'utf8').split('\n')[0] ?? '');
  // The name of the program may hold spaces and brackets: what follows the last one is numbers.
  const [, utime = 0, stime = 0, cutime = 0, cstime = 0] =
    /\) . (?:-?\d+ ){10}(\d+) (\d+) (\d+) (\d+)/.exec(readFileSync(self, 'utf8'))?.map(Number) ?? [];
  return { all: (user + nice + system + irq + softirq + steal) / ticks, own: (utime + stime + cutime + cstime) / ticks };
}

function numbers(line: string): number[] {
  return line.split(/\s+/).slice(1).map(Number);
}
