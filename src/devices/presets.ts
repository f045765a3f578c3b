import type { Bandwidth, Device } from './device.ts';

const gib = 2 ** 30;

/** What the system of a Raspberry Pi takes without a desktop. */
const headless = 0.5 * gib;

/** A desktop with a browser. */
const desktop = 2.5 * gib;

/** What llama.cpp leaves free on a card when it fits a model by itself. */
const cardMargin = gib;

/** Of the memory that is sold the system sees a little less. */
const pi4 = (size: number, seen: number): Device => ({
  name: `pi-4-${size}gb`,
  title: `Raspberry Pi 4, ${size} GB`,
  memory: seen * gib,
  reserve: headless,
  cards: null,
  bandwidth: {
    bytesPerSecond: 12.8e9,
    reached: { low: 0.15, high: 0.3 },
    source: 'LPDDR4-3200 on 32 bits, 12.8 GB/s; the share by published runs: a third of what a Pi 5 generates',
  },
  // Cortex-A72 has neither dotprod nor i8mm.
  repack: null,
  processors: ['Cortex-A72', 'Raspberry Pi 4'],
  noIqTypes: 'its processor has no kernels that make IQ types bearable',
});

const pi5 = (size: number, seen: number): Device => ({
  name: `pi-5-${size}gb`,
  title: `Raspberry Pi 5, ${size} GB`,
  memory: seen * gib,
  reserve: headless,
  cards: null,
  bandwidth: {
    bytesPerSecond: 17.1e9,
    reached: { low: 0.45, high: 0.65 },
    source: 'LPDDR4X-4267 on 32 bits, 17.1 GB/s; the share by published runs of 3B and 8B models in Q4_K_M',
  },
  repack: 'dotprod',
  processors: ['Cortex-A76', 'Raspberry Pi 5'],
  noIqTypes: null,
});

const laptop = (size: number, seen: number, bytesPerSecond: number, memory: string): Device => ({
  name: `laptop-${size}gb`,
  title: `laptop, ${size} GB`,
  memory: seen * gib,
  reserve: desktop,
  cards: null,
  bandwidth: { bytesPerSecond, reached: { low: 0.4, high: 0.85 }, source: `two channels of ${memory}; the share is a guess` },
  repack: 'avx2',
  processors: [],
  noIqTypes: null,
});

/** Cards differ by more than their memory: one that is common and not the fastest of its size stands for all. */
const card = (size: number, seen: number, bytesPerSecond: number, like: string, count = 1): Device => ({
  name: `${count > 1 ? `${count}x` : 'gpu-'}${size}gb`,
  title: count > 1 ? `${count} graphics cards of ${size} GB` : `graphics card, ${size} GB`,
  memory: null,
  reserve: 0,
  cards: { count, memory: seen * gib, reserve: cardMargin },
  bandwidth: cardBandwidth(bytesPerSecond, like, count),
  repack: null,
  processors: [],
  noIqTypes: null,
});

function cardBandwidth(bytesPerSecond: number, like: string, count: number): Bandwidth {
  const turns = count > 1 ? ', of one card: they read their layers one after the other' : '';
  return {
    bytesPerSecond,
    reached: { low: 0.3, high: 0.8 },
    source: `${like}, ${Math.round(bytesPerSecond / 1e9)} GB/s by its maker${turns}; the share is a guess`,
  };
}

export const presets: readonly Device[] = [
  pi4(4, 3.79),
  pi4(8, 7.8),
  pi5(4, 3.95),
  pi5(8, 7.8),
  pi5(16, 15.8),
  laptop(8, 7.7, 51.2e9, 'DDR4-3200, 51 GB/s'),
  laptop(16, 15.5, 76.8e9, 'DDR5-4800, 77 GB/s'),
  card(8, 8, 272e9, 'GeForce RTX 4060'),
  card(10, 10, 760e9, 'GeForce RTX 3080'),
  card(16, 16, 288e9, 'GeForce RTX 4060 Ti'),
  card(24, 24, 936e9, 'GeForce RTX 3090'),
  card(48, 48, 768e9, 'RTX A6000'),
  card(80, 79.6, 1935e9, 'A100 80 GB PCIe'),
  card(24, 24, 936e9, 'GeForce RTX 3090', 2),
];
