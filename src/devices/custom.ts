import type { Instructions } from '../memory/use.ts';
import type { Device } from './device.ts';
import { bandwidthBytes, memoryBytes } from './sizes.ts';

/** A device as somebody describes it. */
export interface WrittenDevice {
  name?: string | undefined;
  /** Main memory: `8GiB`. */
  memory?: string | undefined;
  /** What the system and other programs take of it. */
  reserve?: string | undefined;
  /** Memory of a graphics card. */
  vram?: string | undefined;
  cards?: number | undefined;
  /** `51.2GB/s`: of the main memory, or of a card where there is one. */
  bandwidth?: string | undefined;
  instructions?: Instructions | 'plain' | undefined;
}

export type Described = { ok: true; device: Device } | { ok: false; key: keyof WrittenDevice | null; message: string; fix: string };

const gib = 2 ** 30;

/** What a system without a desktop takes. */
const usualReserve = '0.5GiB';

/** Checks what a person says of a device. A mistake comes back with the key that it is in. */
export function describedDevice(written: WrittenDevice): Described {
  const { name, cards = 1, instructions = 'plain' } = written;
  if (written.memory === undefined && written.vram === undefined)
    return {
      ok: false,
      key: null,
      message: 'a device without memory holds no model',
      fix: 'add `memory: 8GiB`, or `vram:` for a graphics card',
    };
  const useless = keyWithoutUse(written);
  if (useless) return useless;
  const problem = sizeProblem('memory', written.memory) ?? sizeProblem('vram', written.vram) ?? bandwidthProblem(written.bandwidth);
  if (problem) return problem;
  const memory = bytes(written.memory);
  const vram = bytes(written.vram);
  const reserve = bytes(written.reserve ?? usualReserve);
  if (reserve === null) return notASize('reserve', written.reserve ?? '');
  if (vram === null && memory !== null && reserve >= memory) return noRoomBeside(written);
  const perSecond = written.bandwidth === undefined ? null : bandwidthBytes(written.bandwidth);
  return {
    ok: true,
    device: {
      name: name ?? ([written.memory, written.vram].filter((size) => size !== undefined).join(' + ') || 'device'),
      title:
        name ?? (vram === null ? `a device with ${written.memory}` : `${cards > 1 ? `${cards} cards` : 'a card'} with ${written.vram}`),
      memory,
      reserve,
      cards: vram === null ? null : { count: cards, memory: vram, reserve: gib },
      bandwidth:
        perSecond === null
          ? null
          : { bytesPerSecond: perSecond, reached: { low: 0.4, high: 0.85 }, source: 'as given; the share is a guess' },
      repack: instructions === 'plain' ? null : instructions,
      processors: [],
      noIqTypes: null,
    },
  };
}

/** What would change nothing is most likely meant otherwise. */
function keyWithoutUse({ memory, vram, cards, reserve, instructions }: WrittenDevice): Described | null {
  if (vram === undefined && cards !== undefined)
    return {
      ok: false,
      key: 'cards',
      message: '`cards` belongs to `vram`',
      fix: 'add `vram:` with the memory of one card, or leave it out',
    };
  if (memory === undefined && reserve !== undefined)
    return { ok: false, key: 'reserve', message: '`reserve` is taken of the main memory', fix: 'add `memory:`, or leave it out' };
  if (memory === undefined && instructions !== undefined)
    return {
      ok: false,
      key: 'instructions',
      message: '`instructions` are those of the processor, which works from the main memory',
      fix: 'add `memory:`, or leave it out',
    };
  return null;
}

function bytes(written: string | undefined): number | null {
  return written === undefined ? null : memoryBytes(written);
}

function sizeProblem(key: 'memory' | 'vram', written: string | undefined): Described | null {
  if (written === undefined) return null;
  const size = memoryBytes(written);
  if (size === null) return notASize(key, written);
  return size > 0 ? null : { ok: false, key, message: `a device with ${key} 0 holds no model`, fix: 'write how much it has: `8GiB`' };
}

/** A reserve that nobody wrote is not what to change. */
function noRoomBeside({ memory, reserve }: WrittenDevice): Described {
  if (reserve !== undefined)
    return { ok: false, key: 'reserve', message: 'the reserve leaves nothing of the memory', fix: 'make it smaller' };
  const message = `the system alone takes the ${memory}: ${usualReserve} stay reserved for it`;
  return { ok: false, key: 'memory', message, fix: `write more than ${usualReserve}` };
}

function notASize(key: keyof WrittenDevice, written: string): Described {
  return { ok: false, key, message: `\`${written}\` is no size of a memory`, fix: 'write a number and its unit: `8GiB`, `512MiB`' };
}

function bandwidthProblem(written: string | undefined): Described | null {
  if (written === undefined || (bandwidthBytes(written) ?? 0) > 0) return null;
  return { ok: false, key: 'bandwidth', message: `\`${written}\` is no bandwidth`, fix: 'write a number and its unit: `51.2GB/s`' };
}
