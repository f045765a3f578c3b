/** The network failed on the way, or an answer was cut: worth another try. */
export class Interruption extends Error {
  override readonly name = 'Interruption';
}

export interface RefusalFacts {
  status: number;
  /** Without its query: that of a signed address opens what it names. */
  address: string;
  /** Of the Hub itself, rather than of the storage it sends to. */
  ofHub: boolean;
  /** X-Error-Code. */
  code: string;
  /** X-Error-Message. */
  text: string;
  requestId: string;
  /** How long the server asks to wait; null when it does not. */
  waitMs: number | null;
}

/** A server answered with a status of 400 or more. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly facts: RefusalFacts;
  constructor(facts: RefusalFacts) {
    super(`${facts.address} answered with status ${facts.status}`);
    this.facts = facts;
  }

  get isPassing(): boolean {
    const { status } = this.facts;
    return status === 408 || status === 429 || status >= 500;
  }

  /** A signed address that is no longer good; a new one is. */
  get isExpiry(): boolean {
    const { status, ofHub } = this.facts;
    return !ofHub && (status === 403 || status === 410);
  }
}
