import { didYouMean } from '../pipeline/nearest.ts';
import type { Device } from './device.ts';
import { presets } from './presets.ts';

export type Found = { ok: true; device: Device } | { ok: false; message: string; fix: string };

/** Stands for the machine that results were measured on. */
export const hereName = 'here';

const deviceNames = presets.map(({ name }) => name);

/** A preset by its name, spelt as people do: `Pi 5 8GB`, `raspberry-pi5 (8 gb)`, `2 x 24 GB`, `rtx 24gb`. */
export function findDevice(written: string): Found {
  const wanted = plain(written);
  const device = presets.find(({ name }) => plain(name) === wanted);
  if (device) return { ok: true, device };
  const family = presets.filter(({ name }) => wanted.length >= 3 && plain(name).startsWith(wanted)).map(({ name }) => name);
  const fix =
    family.length > 0
      ? `say with how much memory: ${listed(family)}`
      : (didYouMean(written.toLowerCase().replaceAll(/[\s_]+/g, '-'), deviceNames) ??
        `write ${listed([...deviceNames, hereName])}, or give \`memory\` or \`vram\``);
  return { ok: false, message: `there is no device named \`${written}\``, fix };
}

function plain(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[\s_.,()/-]+/g, '')
    .replace(/^(raspberrypi|raspi|rpi)/, 'pi')
    .replace(/^(pi\d)b/, '$1')
    .replace(/^(notebook|pc)/, 'laptop')
    .replace(/^(graphicscard|card|cuda|vram|geforce|rtx)/, 'gpu')
    .replace(/^(dualgpu|dual|two)(?=\d|x)/, '2x')
    .replace(/(gib|gb|g)$/, 'gb');
}

function listed(names: string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}
