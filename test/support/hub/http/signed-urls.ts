import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** URLs that serve without a token, for some time. */
export class SignedUrls {
  readonly #secret = randomBytes(32);
  readonly #lifetimeMs: number;
  readonly #revoked = new Map<string, number>();
  #issued = 0;

  constructor(lifetimeMs: number) {
    this.#lifetimeMs = lifetimeMs;
  }

  sign(origin: string, path: string): string {
    const [expires, issue] = [Date.now() + this.#lifetimeMs, ++this.#issued];
    return `${origin}${path}?Expires=${expires}&Issue=${issue}&Signature=${this.#signature(path, expires, issue)}`;
  }

  /** Whether a URL with this query may still be used for the path. */
  isValid(path: string, query: URLSearchParams): boolean {
    const [expires, issue] = [Number(query.get('Expires')), Number(query.get('Issue'))];
    const [given, right] = [Buffer.from(query.get('Signature') ?? ''), Buffer.from(this.#signature(path, expires, issue))];
    const genuine = given.length === right.length && timingSafeEqual(given, right);
    return genuine && Date.now() < expires && issue > (this.#revoked.get(path) ?? 0);
  }

  /** Makes every URL that was signed for the path until now expire. */
  expire(path: string): void {
    this.#revoked.set(path, this.#issued);
  }

  #signature(path: string, expires: number, issue: number): string {
    return createHmac('sha256', this.#secret).update(`${path} ${expires} ${issue}`).digest('hex');
  }
}
