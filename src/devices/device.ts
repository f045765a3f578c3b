import type { Instructions } from '../memory/use.ts';

/** A machine that a model is to run on; it need not be here. */
export interface Device {
  /** As it is asked for: `pi-5-8gb`. */
  name: string;
  /** For people. */
  title: string;
  /** Bytes of main memory that the system sees; null for a card, in a computer that nobody described. */
  memory: number | null;
  /** Bytes of it that the system and what runs beside take. */
  reserve: number;
  /** Graphics cards; null where the processor does the work. */
  cards: { count: number; memory: number; reserve: number } | null;
  /** Of what the weights are read from; null where it is not known. */
  bandwidth: Bandwidth | null;
  /** Whose kernels want weights in their own order; null where there are none. */
  repack: Instructions | null;
  /** Words in the name of the processor by which a machine that was measured on is known to be such a device. */
  processors: string[];
  /** Why types of the IQ family are refused unless they were measured there; null where they are not. */
  noIqTypes: string | null;
}

export interface Bandwidth {
  /** As published. */
  bytesPerSecond: number;
  /** Share of it that generation reaches, from the poorest to the best. */
  reached: { low: number; high: number };
  /** Where the figures come from, in words. */
  source: string;
}

/** Bytes of main memory that a model may take; null where nobody described it. A tenth stays free in any case. */
export function usableMemory({ memory, reserve }: Pick<Device, 'memory' | 'reserve'>): number | null {
  return memory === null ? null : Math.max(0, Math.min(memory * 0.9, memory - reserve));
}

/** The same for all cards together. */
export function usableOnCards({ cards }: Pick<Device, 'cards'>): number {
  return cards ? cards.count * (usableMemory(cards) ?? 0) : 0;
}
