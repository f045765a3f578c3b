import { readFileSync } from 'node:fs';
import { capture } from '../spawn.ts';

/** What a process holds in memory, in bytes. */
export interface Memory {
  /** Cannot be dropped. */
  anonymous: number;
  /** Mapped files, which the system can drop and read again. */
  file: number;
}

export interface MemorySample extends Memory {
  /** Seconds since the watch began. */
  second: number;
}

/** A look every so often, until stopped. */
export class MemoryWatch {
  readonly #pid: number;
  readonly #started = performance.now();
  readonly #samples: MemorySample[] = [];
  #highest: number | null = null;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();
  #ended = false;

  constructor(pid: number) {
    this.#pid = pid;
    this.next();
  }

  /** Ends it and returns what was seen, and the most that the system itself saw at once (null where it does not say). */
  async stop(): Promise<{ samples: MemorySample[]; highest: number | null }> {
    this.#ended = true;
    clearTimeout(this.#timer);
    await this.#looking;
    await this.look();
    return { samples: this.#samples, highest: this.#highest };
  }

  private next(): void {
    this.#looking = this.look().then(() => {
      if (!this.#ended) this.#timer = setTimeout(() => this.next(), process.platform === 'darwin' ? macEveryMs : everyMs);
    });
  }

  private async look(): Promise<void> {
    const second = (performance.now() - this.#started) / 1000;
    const seen = process.platform === 'darwin' ? await footprintOf(this.#pid) : statusOf(this.#pid);
    if (!seen) return;
    this.#samples.push({ second, anonymous: seen.anonymous, file: seen.file });
    this.#highest = Math.max(this.#highest ?? 0, seen.highest);
  }
}

/** A look takes some 30 microseconds, a tenth of what the timer itself costs. */
const everyMs = 5;

/** A look starts a program, which takes 40 ms. */
const macEveryMs = 250;

interface Seen extends Memory {
  highest: number;
}

/** Null for a process that has ended. */
function statusOf(pid: number): Seen | null {
  try {
    return parseStatus(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return null;
  }
}

/** From /proc/PID/status; null for a process that has given its memory back already. */
export function parseStatus(status: string): Seen | null {
  const bytes = (field: string) => Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? Number.NaN) * 1024;
  // Shared memory has no file behind it and cannot be dropped either.
  const seen = { anonymous: bytes('RssAnon') + bytes('RssShmem'), file: bytes('RssFile'), highest: bytes('VmHWM') };
  return Object.values(seen).every(Number.isFinite) ? seen : null;
}

async function footprintOf(pid: number): Promise<Seen | null> {
  const { stdout, code } = await capture('footprint', footprintArgs(pid));
  return code === 0 ? parseFootprint(stdout) : null;
}

export function footprintArgs(pid: number): string[] {
  return ['-f', 'bytes', '-p', String(pid)];
}

/** From macOS' footprint: what it lays to a process's charge, without the clean pages of mapped files. */
export function parseFootprint(printed: string): Seen | null {
  const bytes = (field: string) => Number(new RegExp(`^\\s*${field}: (\\d+) B$`, 'm').exec(printed)?.[1] ?? Number.NaN);
  const seen = { anonymous: bytes('phys_footprint'), file: 0, highest: bytes('phys_footprint_peak') };
  return Object.values(seen).every(Number.isFinite) ? seen : null;
}
