import type { FetchProgress } from './hub.ts';
import type { HubFile } from './repo.ts';

/** How often somebody is told at most, and over which time the rate is taken, in milliseconds. */
const tellMs = 100;
const rateMs = 5000;
const leastRateMs = 500;

/** What stands where of one request. */
export class Progress {
  /** Over the network, whatever became of it. */
  received = 0;
  readonly #tell: ((progress: FetchProgress) => void) | undefined;
  readonly #allSize: number;
  #allBytes = 0;
  #told = Number.NEGATIVE_INFINITY;
  #samples: { at: number; received: number }[] = [];

  constructor(files: HubFile[], tell: ((progress: FetchProgress) => void) | undefined) {
    this.#tell = tell;
    this.#allSize = files.reduce((total, { size }) => total + size, 0);
  }

  watch(file: HubFile): Watch {
    return new Watch(file, {
      has: (bytes) => {
        this.#allBytes += bytes;
      },
      came: (bytes) => {
        this.received += bytes;
      },
      tell: (watch, always) => this.tell(watch, always),
    });
  }

  private tell({ file, phase, bytes, retries }: Watch, always: boolean): void {
    const now = performance.now();
    if (!this.#tell || (!always && now - this.#told < tellMs)) return;
    this.#told = now;
    const rate = this.rate(now);
    const left = this.#allSize - this.#allBytes;
    const secondsLeft = left === 0 ? 0 : rate ? left / rate : null;
    this.#tell({
      file: file.path,
      phase,
      bytes,
      size: file.size,
      allBytes: this.#allBytes,
      allSize: this.#allSize,
      rate,
      secondsLeft,
      retries,
    });
  }

  /** Bytes per second over the last seconds; null until there are enough of them. */
  private rate(now: number): number | null {
    this.#samples.push({ at: now, received: this.received });
    while (this.#samples.length > 2 && (this.#samples[1]?.at ?? now) < now - rateMs) this.#samples.shift();
    const [first] = this.#samples;
    if (!first || now - first.at < leastRateMs) return null;
    return ((this.received - first.received) / (now - first.at)) * 1000;
  }
}

interface Listener {
  has: (bytes: number) => void;
  came: (bytes: number) => void;
  tell: (watch: Watch, always: boolean) => void;
}

/** What stands where of one file of a request. */
export class Watch {
  readonly file: HubFile;
  phase: FetchProgress['phase'] = 'downloading';
  bytes = 0;
  retries = 0;
  readonly #listener: Listener;

  constructor(file: HubFile, listener: Listener) {
    this.file = file;
    this.#listener = listener;
  }

  enter(phase: FetchProgress['phase']): void {
    if (phase === this.phase) return;
    this.phase = phase;
    this.#listener.tell(this, true);
  }

  /** What is right of it without having come now. */
  kept(bytes: number): void {
    this.add(bytes);
  }

  came(bytes: number): void {
    this.#listener.came(bytes);
    this.add(bytes);
  }

  /** While it is hashed, what is hashed counts. */
  checked(bytes: number): void {
    this.enter('checking');
    this.add(bytes - this.bytes);
  }

  /** Nothing that came counts any more. */
  startAgain(): void {
    this.count(-this.bytes);
  }

  retried(): void {
    this.retries++;
    this.#listener.tell(this, false);
  }

  done(): void {
    this.count(this.file.size - this.bytes);
    this.enter('done');
  }

  private add(bytes: number): void {
    this.count(bytes);
    this.#listener.tell(this, false);
  }

  private count(bytes: number): void {
    this.bytes += bytes;
    this.#listener.has(bytes);
  }
}
