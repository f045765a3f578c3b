import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { capture, which } from '../spawn.ts';
import { readThrottled } from './throttled.ts';

/** How a machine is at one moment, as far as it tells everybody. What it does not tell is null. */
export interface MachineState {
  /** Processes that ran or wanted to, over the last minute. */
  loadAverage: number;
  /** Degrees Celsius of the hottest processor sensor. */
  temperature: number | null;
  /** MHz of the fastest core. */
  frequency: number | null;
  governor: string | null;
  power: 'mains' | 'battery' | null;
  /** Bits of a Raspberry Pi's firmware; null elsewhere. */
  throttled: number | null;
}

/** @param root where /proc and /sys begin; another one in tests */
export async function readState(root = '/'): Promise<MachineState> {
  return {
    loadAverage: loadavg()[0] ?? 0,
    temperature: temperature(root),
    frequency: frequency(root),
    governor: readLine(join(root, 'sys/devices/system/cpu/cpu0/cpufreq/scaling_governor')),
    power: process.platform === 'darwin' ? await powerOfMac() : power(root),
    throttled: await throttled(),
  };
}

/** Thermal zones name their sensor; where a processor has none, its driver's own sensors do. */
function temperature(root: string): number | null {
  const zones = foldersIn(join(root, 'sys/class/thermal')).filter((zone) => /cpu|pkg|soc|core/i.test(readLine(join(zone, 'type')) ?? ''));
  const drivers = foldersIn(join(root, 'sys/class/hwmon')).filter((chip) =>
    /coretemp|k10temp|cpu/.test(readLine(join(chip, 'name')) ?? ''),
  );
  const readings = [...zones.map((zone) => join(zone, 'temp')), ...drivers.map((chip) => join(chip, 'temp1_input'))];
  return highest(readings.map(readLine), 1000);
}

function frequency(root: string): number | null {
  const cores = foldersIn(join(root, 'sys/devices/system/cpu'));
  return highest(
    cores.map((core) => readLine(join(core, 'cpufreq/scaling_cur_freq'))),
    1000,
  );
}

function highest(readings: (string | null)[], unit: number): number | null {
  const values = readings.map((reading) => Number(reading ?? Number.NaN) / unit).filter(Number.isFinite);
  return values.length === 0 ? null : Math.max(...values);
}

function power(root: string): MachineState['power'] {
  const supplies = foldersIn(join(root, 'sys/class/power_supply'));
  const of = (type: string) => supplies.filter((supply) => readLine(join(supply, 'type')) === type);
  if (of('Mains').some((supply) => readLine(join(supply, 'online')) === '1')) return 'mains';
  // A battery of a mouse is one, too: it does not feed the machine.
  const own = of('Battery').filter((supply) => readLine(join(supply, 'scope')) !== 'Device');
  if (own.length === 0) return null;
  return own.some((supply) => readLine(join(supply, 'status')) === 'Discharging') ? 'battery' : 'mains';
}

async function powerOfMac(): Promise<MachineState['power']> {
  const { stdout } = await capture('pmset', ['-g', 'batt']);
  return /drawing from '(AC|Battery) Power'/.exec(stdout)?.[1] === 'Battery' ? 'battery' : 'mains';
}

async function throttled(): Promise<number | null> {
  const program = which('vcgencmd');
  return program === null ? null : readThrottled((await capture(program, ['get_throttled'], { timeoutMs: 5000 })).stdout);
}

function foldersIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
}

/** Null for what is not there, and for sensors that are there and cannot be read. */
function readLine(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return null;
  }
}
