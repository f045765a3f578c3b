import { z } from 'zod';
import { describedDevice } from '../devices/custom.ts';
import type { Device } from '../devices/device.ts';
import { findDevice, hereName } from '../devices/find.ts';
import { usualWish, type Wish } from '../recommend/need.ts';
import { complain } from './later.ts';

/** What llama.cpp takes for keys and values. */
export const kvTypes = ['f16', 'q8_0', 'q4_0', 'q4_1', 'q5_0', 'q5_1', 'iq4_nl', 'bf16', 'f32'] as const;
const size = z.string().min(1);

const namedDevice = z
  .string()
  .min(1)
  .superRefine((written, context) => {
    const found = written === hereName ? null : findDevice(written);
    if (found && !found.ok) complain(context, found.message, { fix: found.fix });
  });

const ownDevice = z
  .strictObject({
    name: z.string().min(1).optional().describe('What reports call it.'),
    memory: size
      .optional()
      .describe('Main memory.')
      .meta({ examples: ['8GiB'] }),
    reserve: size
      .optional()
      .describe('What the system and other programs take of it. Default: 0.5GiB.')
      .meta({ examples: ['2GiB'] }),
    vram: size
      .optional()
      .describe('Memory of a graphics card.')
      .meta({ examples: ['12GiB'] }),
    cards: z.int().min(1).optional().describe('How many such cards. Default: 1.'),
    bandwidth: z
      .string()
      .min(1)
      .optional()
      .describe('Of what the weights are read from; without it no speed is predicted.')
      .meta({ examples: ['51.2GB/s'] }),
    instructions: z
      .enum(['plain', 'avx2', 'avx512', 'dotprod'])
      .optional()
      .describe('For whose kernels llama.cpp lays out weights anew. Default: plain.'),
  })
  .superRefine((written, context) => {
    const described = describedDevice(written);
    if (!described.ok)
      complain(context, described.message, { ...(described.key === null ? {} : { path: [described.key] }), fix: described.fix });
  });

const device = z
  .union([namedDevice, ownDevice])
  .describe('A device by name, `here` for this machine, or one described by its memory.')
  .meta({ examples: ['pi-5-8gb', hereName, { vram: '12GiB' }] });

const threshold = z.number().min(0).optional();

const wish = z.strictObject({
  device,
  context: z.int().min(256).optional().describe('Tokens. Default: 4096, or what the model was trained for where that is less.'),
  kvType: z.enum(kvTypes).optional().describe('Type of keys and values. Default: f16.'),
  ubatch: z.int().min(1).optional().describe('Tokens of a prompt computed at once. Default: 512.'),
  minTg: z.number().min(0).optional().describe('Tokens per second at least; 0 for no limit. Default: 5.'),
  maxTtft: z.number().min(0).optional().describe('Seconds to the first token after a prompt of 300, at most; 0 for no limit. Default: 20.'),
  prefer: z.enum(['quality', 'balanced', 'speed']).optional().describe('Default: balanced.'),
  thresholds: z
    .strictObject({
      broken: threshold.describe('KLD above which a file is refused. Default: 0.4.'),
      silent: threshold.describe('KLD below which files are equally good. Default: 0.005.'),
      balanced: threshold.describe('KLD up to which `balanced` takes the smallest file. Default: 0.02.'),
      balancedTimes: z.number().min(1).optional().describe("... or up to so many times the best file's KLD. Default: 1.5."),
      speed: threshold.describe('KLD up to which `speed` takes the fastest file. Default: 0.15.'),
    })
    .optional()
    .describe('Limits in mean KLD, nats per token.'),
});

const one = z.union([namedDevice, wish]);

export const recommend = z
  .union([one, z.array(one).min(1)])
  .describe('Devices to choose a file for, with what it is needed for.')
  .meta({ examples: [['pi-5-8gb', { device: 'gpu-24gb', context: 16384, prefer: 'quality' }]] });

type WrittenRecommend = z.infer<typeof recommend>;

/** A device, null for this machine, and what the model is needed for. */
export interface RecommendEntry {
  device: Device | null;
  wish: Wish;
  /** JSON pointer into the places. */
  at: string;
}

export function recommendEntries(written: WrittenRecommend | undefined): RecommendEntry[] {
  if (written === undefined) return [];
  const list = Array.isArray(written) ? written : [written];
  return list.map((entry, i) => {
    const at = Array.isArray(written) ? `/recommend/${i}` : '/recommend';
    const { device: named, thresholds = {}, kvType, ...rest } = typeof entry === 'string' ? { device: entry } : entry;
    const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
    const wish = { ...usualWish, ...given, thresholds: { ...usualWish.thresholds, ...thresholds } } as Wish;
    return { device: deviceOf(named), wish: { ...wish, kvType: (kvType ?? wish.kvType).toUpperCase() }, at };
  });
}

/** The schema has checked it: what cannot be found is not there. */
function deviceOf(written: z.infer<typeof device>): Device | null {
  if (written === hereName) return null;
  if (typeof written === 'string') {
    const found = findDevice(written);
    return found.ok ? found.device : null;
  }
  const described = describedDevice(written);
  return described.ok ? described.device : null;
}
