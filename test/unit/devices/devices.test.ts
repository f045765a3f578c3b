import { describe, expect, test } from 'vitest';
import { describedDevice } from '../../../src/devices/custom.ts';
import { usableMemory, usableOnCards } from '../../../src/devices/device.ts';
import { findDevice } from '../../../src/devices/find.ts';
import { presets } from '../../../src/devices/presets.ts';
import { bandwidthBytes, memoryBytes, parameterCount } from '../../../src/devices/sizes.ts';

const gib = 2 ** 30;

describe('names', () => {
  test.each([
    ['Pi 5 8GB', 'pi-5-8gb'],
    ['raspberry-pi5 (8 gb)', 'pi-5-8gb'],
    ['RPi 4B 4G', 'pi-4-4gb'],
    ['Laptop 16 GiB', 'laptop-16gb'],
    ['RTX 24GB', 'gpu-24gb'],
    ['gpu_80gb', 'gpu-80gb'],
    ['2 x 24 GB', '2x24gb'],
  ])('%s is %s', (written, name) => expect(findDevice(written)).toMatchObject({ ok: true, device: { name } }));

  test('every preset is found by its own name and by its title', () => {
    expect(presets.map(({ name }) => findDevice(name).ok)).not.toContain(false);
    expect(presets.filter(({ cards }) => !cards).map(({ title }) => findDevice(title).ok)).not.toContain(false);
  });

  test('what is nearly one is asked about, what could be several is listed', () => {
    expect(findDevice('pi-5-9gb')).toMatchObject({ ok: false, fix: expect.stringContaining('did you mean') });
    expect(findDevice('pi5')).toMatchObject({ fix: 'say with how much memory: `pi-5-4gb`, `pi-5-8gb`, `pi-5-16gb`' });
    expect(findDevice('toaster')).toMatchObject({
      message: 'there is no device named `toaster`',
      fix: expect.stringContaining('`gpu-24gb`'),
    });
  });
});

test('a tenth stays free, or what the system takes where that is more', () => {
  expect(usableMemory({ memory: 8 * gib, reserve: 0.5 * gib })).toBe(7.2 * gib);
  expect(usableMemory({ memory: 4 * gib, reserve: 2.5 * gib })).toBe(1.5 * gib);
  expect(usableMemory({ memory: null, reserve: 0 })).toBeNull();
  expect(usableOnCards({ cards: { count: 2, memory: 24 * gib, reserve: gib } })).toBe(2 * 21.6 * gib);
});

test.each(presets)('$name says how fast its memory is and where that comes from', ({ bandwidth }) => {
  expect(bandwidth?.source).toMatch(/\d GB\/s/);
  expect(bandwidth?.reached.low).toBeLessThan(bandwidth?.reached.high ?? 0);
});

test('a Pi 4 has no kernels that lay weights out anew, a Pi 5 has', () => {
  const of = (name: string) => presets.find((one) => one.name === name);
  expect([of('pi-4-8gb')?.repack, of('pi-5-8gb')?.repack]).toEqual([null, 'dotprod']);
});

describe('a device described by hand', () => {
  test('has what is said', () => {
    expect(describedDevice({ vram: '12 GB', cards: 2, bandwidth: '300GB/s' })).toMatchObject({
      ok: true,
      device: { memory: null, cards: { count: 2, memory: 12 * gib }, bandwidth: { bytesPerSecond: 3e11 } },
    });
  });

  test.each([
    [{}, null, 'a device without memory holds no model'],
    [{ memory: '0GiB' }, 'memory', 'a device with memory 0 holds no model'],
    [{ vram: '0 GB' }, 'vram', 'a device with vram 0 holds no model'],
    [{ memory: '8' }, 'memory', '`8` is no size of a memory'],
    [{ memory: '8 bananas' }, 'memory', '`8 bananas` is no size of a memory'],
    [{ memory: '8GiB', bandwidth: 'fast' }, 'bandwidth', '`fast` is no bandwidth'],
    [{ memory: '1GiB', reserve: '2GiB' }, 'reserve', 'the reserve leaves nothing of the memory'],
    [{ memory: '400MiB' }, 'memory', 'the system alone takes the 400MiB: 0.5GiB stay reserved for it'],
    [{ memory: '8GiB', cards: 2 }, 'cards', '`cards` belongs to `vram`'],
    [{ vram: '8GiB', reserve: '1GiB' }, 'reserve', '`reserve` is taken of the main memory'],
    [
      { vram: '8GiB', instructions: 'avx2' as const },
      'instructions',
      '`instructions` are those of the processor, which works from the main memory',
    ],
  ])('%j is refused', (written, key, message) => expect(describedDevice(written)).toMatchObject({ ok: false, key, message }));
});

test('sizes', () => {
  expect([memoryBytes('7.5 GB'), memoryBytes('512MiB'), memoryBytes('-1GiB')]).toEqual([7.5 * gib, gib / 2, null]);
  expect([bandwidthBytes('51.2GB/s'), bandwidthBytes('900 MBps'), bandwidthBytes('8GiB')]).toEqual([51.2e9, 9e8, null]);
  expect([parameterCount('7B'), parameterCount('270m'), parameterCount('7')]).toEqual([7e9, 2.7e8, null]);
});
