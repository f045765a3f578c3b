import type { Bandwidth } from './device.ts';

/** Main memory beside a graphics card, in a computer whose memory nobody described. */
export const hostBandwidth: Bandwidth = {
  bytesPerSecond: 51.2e9,
  reached: { low: 0.4, high: 0.85 },
  source: 'main memory beside the card is taken to be two channels of DDR4-3200, 51 GB/s; the share is a guess',
};
