import type { Fault, FaultKind, FaultOf } from './fault.ts';

export interface FaultHandle {
  /** For control from another process. */
  id: number;
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
  readonly #armed: Armed[] = [];

  add(fault: Fault): FaultHandle {
    const id = this.#armed.push({ fault, left: fault.times ?? 1 }) - 1;
    return this.handle(id);
  }

  /** Throws RangeError for an id that no fault has. */
  handle(id: number): FaultHandle {
    const armed = this.#armed[id];
    if (armed === undefined) throw new RangeError(`there is no fault ${id}`);
    return { id, remaining: () => armed.left, stop: () => void Object.assign(armed, { left: 0 }) };
  }

  /** @param line `METHOD /path?query` */
  of(line: string): FaultsOfRequest {
    return new FaultsOfRequest(this.#armed.filter(({ fault, left }) => left > 0 && line.search(fault.match) >= 0));
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
