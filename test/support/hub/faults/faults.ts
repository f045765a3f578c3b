import type { Fault, FaultKind, FaultOf } from './fault.ts';

export interface FaultHandle {
  /** How often it will still happen. */
  remaining(): number;
  stop(): void;
}

interface Armed {
  fault: Fault;
  left: number;
}

/** The faults that wait for their requests, the oldest first. */
export class Faults {
  readonly #armed = new Set<Armed>();

  add(fault: Fault): FaultHandle {
    const armed = { fault, left: fault.times ?? 1 };
    this.#armed.add(armed);
    return {
      remaining: () => armed.left,
      stop: () => {
        armed.left = 0;
        this.#armed.delete(armed);
      },
    };
  }

  /** @param line `METHOD /path?query` */
  of(line: string): FaultsOfRequest {
    return new FaultsOfRequest([...this.#armed].filter(({ fault }) => line.search(fault.match) >= 0));
  }
}

/** What can go wrong with one request. */
export class FaultsOfRequest {
  readonly #armed: Armed[];

  constructor(armed: Armed[]) {
    this.#armed = armed;
  }

  /** Lets the first fault of a kind happen that can happen here; undefined when there is none. */
  take<Kind extends FaultKind['kind']>(kind: Kind, canHappen: (fault: FaultOf<Kind>) => boolean = () => true): FaultOf<Kind> | undefined {
    const armed = this.#armed.find(({ fault, left }) => fault.kind === kind && left > 0 && canHappen(fault as Fault & FaultOf<Kind>));
    if (armed === undefined) return undefined;
    armed.left--;
    return armed.fault as Fault & FaultOf<Kind>;
  }
}
