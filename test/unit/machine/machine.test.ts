import { describe, expect, test } from 'vitest';
import { readBusyTime } from '../../../src/machine/busy.ts';
import { footprintArgs, MemoryWatch, parseFootprint, parseStatus } from '../../../src/machine/memory.ts';
import { residentBytes } from '../../../src/machine/page-cache.ts';
import { readState } from '../../../src/machine/state.ts';
import { readThrottled, throttledInWords } from '../../../src/machine/throttled.ts';
import { busyOthers } from '../../../src/machine/watch.ts';
import { workspace } from '../../support/workspace.ts';

describe('the state of a machine', () => {
  test('a laptop with a battery', async () => {
    using space = workspace();
    const sys = (path: string, text: string) => space.write(`sys/${path}`, `${text}\n`);
    sys('class/thermal/thermal_zone0/type', 'acpitz');
    sys('class/thermal/thermal_zone0/temp', '91000');
    sys('class/thermal/thermal_zone1/type', 'x86_pkg_temp');
    sys('class/thermal/thermal_zone1/temp', '61500');
    sys('devices/system/cpu/cpu0/cpufreq/scaling_cur_freq', '1800000');
    sys('devices/system/cpu/cpu1/cpufreq/scaling_cur_freq', '3400000');
    sys('devices/system/cpu/cpu0/cpufreq/scaling_governor', 'powersave');
    sys('class/power_supply/AC/type', 'Mains');
    sys('class/power_supply/AC/online', '0');
    sys('class/power_supply/BAT0/type', 'Battery');
    sys('class/power_supply/BAT0/status', 'Discharging');
    expect(await readState(`${space.root}/`)).toMatchObject({
      temperature: 61.5,
      frequency: 3400,
      governor: 'powersave',
      power: 'battery',
    });
    sys('class/power_supply/AC/online', '1');
    expect((await readState(`${space.root}/`)).power).toBe('mains');
  });

  test("a processor without a thermal zone tells its heat by its driver; a mouse's battery feeds nobody", async () => {
    using space = workspace();
    space.write('sys/class/hwmon/hwmon0/name', 'nvme\n');
    space.write('sys/class/hwmon/hwmon0/temp1_input', '40000\n');
    space.write('sys/class/hwmon/hwmon1/name', 'k10temp\n');
    space.write('sys/class/hwmon/hwmon1/temp1_input', '55250\n');
    space.write('sys/class/power_supply/mouse/type', 'Battery\n');
    space.write('sys/class/power_supply/mouse/scope', 'Device\n');
    space.write('sys/class/power_supply/mouse/status', 'Discharging\n');
    expect(await readState(`${space.root}/`)).toMatchObject({ temperature: 55.25, frequency: null, governor: null, power: null });
  });

  test('a virtual machine tells nothing', async () => {
    using space = workspace();
    expect(await readState(`${space.root}/`)).toMatchObject({ temperature: null, frequency: null, governor: null, power: null });
  });
});

test('time that processors were busy: all of it, with what a hypervisor took, and our own with our children', () => {
  using space = workspace();
  space.write('proc/stat', 'cpu  1000 20 300 9000 50 6 7 200 0 0\ncpu0 500 10 150 4500 25 3 3 100 0 0\n');
  const fields = ['R', 1, 1, 1, 0, -1, 4194304, 100, 200, 0, 0, 110, 20, 300, 4, 20, 0, 1, 0, 500];
  space.write('proc/self/stat', `42 (node (worker) 3) ${fields.join(' ')}\n`);
  expect(readBusyTime(`${space.root}/`)).toEqual({ all: 15.33, own: 4.34 });
});

test('our own work is not taken for that of others', () => {
  expect(busyOthers({ all: 100, own: 20 }, { all: 108, own: 26 }, 4)).toBe(0.5);
  expect(busyOthers({ all: 100, own: 20 }, { all: 101, own: 21.1 }, 4)).toBe(0);
  expect(busyOthers(null, { all: 101, own: 21 }, 4)).toBeNull();
});

describe('a Raspberry Pi says what held it back', () => {
  test.each([
    ['throttled=0x0\n', 0, null],
    ['throttled=0x50000\n', 0x50000, null],
    ['throttled=0x50005\n', 0x50005, 'too low a voltage, throttling'],
    ['throttled=0xe0008\n', 0xe0008, 'the soft limit of temperature'],
    ['VCHI initialization failed\n', null, null],
  ])('%j', (printed, bits, words) => {
    expect(readThrottled(printed)).toBe(bits);
    expect(throttledInWords(0, bits)).toBe(words);
  });
});

describe('memory of a process', () => {
  test('from /proc: pages of files apart from those that cannot be dropped', () => {
    const status =
      'Name:\tllama\nVmHWM:\t    2000 kB\nVmRSS:\t    1744 kB\nRssAnon:\t     112 kB\nRssFile:\t    1628 kB\nRssShmem:\t       4 kB\n';
    expect(parseStatus(status)).toEqual({ anonymous: 116 * 1024, file: 1628 * 1024, highest: 2000 * 1024 });
    expect(parseStatus('Name:\tllama\nState:\tZ (zombie)\n')).toBeNull();
  });

  test("from macOS' footprint", () => {
    expect(footprintArgs(77)).toEqual(['-f', 'bytes', '-p', '77']);
    const printed = [
      '======================================================================',
      'llama-completion [77]: 64-bit    Footprint: 1884592 B (16384 bytes per page)',
      '======================================================================',
      '',
      'Auxiliary data:',
      '    phys_footprint: 1884592 B',
      '    phys_footprint_peak: 2084592 B',
      '',
    ].join('\n');
    expect(parseFootprint(printed)).toEqual({ anonymous: 1884592, file: 0, highest: 2084592 });
    expect(parseFootprint("footprint: unable to find process '77'\n")).toBeNull();
  });

  test('a watch sees what is taken', async () => {
    const watch = new MemoryWatch(process.pid);
    const held = Buffer.alloc(64 * 2 ** 20, 1);
    const { samples, highest } = await watch.stop();
    const [first, last] = [samples[0], samples.at(-1)];
    expect((last?.anonymous ?? 0) - (first?.anonymous ?? 0)).toBeGreaterThan(0.9 * held.length);
    expect(highest).toBeGreaterThanOrEqual(0.9 * ((last?.anonymous ?? 0) + (last?.file ?? 0)));
  });

  test('a process that is gone has none', async () => {
    expect(await new MemoryWatch(2 ** 22 + 1).stop()).toEqual({ samples: [], highest: null });
  });
});

test('what fincore prints of several files is added up', () => {
  expect(residentBytes('       0\n    4096\n')).toBe(4096);
});
