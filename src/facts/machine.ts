import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem, type } from 'node:os';
import { digestOf } from '../plan/canonical.ts';
import type { Machine } from '../plan/facts.ts';

/** This machine, as far as it decides a speed. */
export function readMachine(): Machine {
  const cpu = cpus()[0]?.model.trim() ?? 'unknown CPU';
  const seen = { cpu, cores: physicalCores(), memoryBytes: totalmem(), os: `${type()} ${release()}` };
  const beneath = {
    flags: cpuInfo('flags') ?? cpuInfo('Features'),
    governor: readLine('/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor'),
    maxFrequency: readLine('/sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq'),
  };
  return { ...seen, fingerprint: digestOf('qpipe.machine.v1', { ...seen, ...beneath }) };
}

/** Two hyperthreads of a core share its arithmetic, so llama.cpp counts cores; so do we. Never more than this process may use. */
function physicalCores(): number {
  const text = existsSync('/proc/cpuinfo') ? readFileSync('/proc/cpuinfo', 'utf8') : '';
  const cores = text.split('\n\n').flatMap((block) => {
    const core = /^core id\s*: (\d+)/m.exec(block);
    const socket = /^physical id\s*: (\d+)/m.exec(block);
    return core && socket ? [`${socket[1]}:${core[1]}`] : [];
  });
  const distinct = new Set(cores).size;
  return distinct === 0 ? availableParallelism() : Math.min(distinct, availableParallelism());
}

function cpuInfo(field: string): string | null {
  const text = existsSync('/proc/cpuinfo') ? readFileSync('/proc/cpuinfo', 'utf8') : '';
  return new RegExp(`^${field}\\s*: (.*)$`, 'm').exec(text)?.[1] ?? null;
}

function readLine(path: string): string | null {
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : null;
}
