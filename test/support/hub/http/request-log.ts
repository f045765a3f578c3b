/** A request as it stands: the numbers grow while it is served. */
export interface LoggedRequest {
  method: string;
  /** `127.0.0.1` is the Hub, `localhost` the CDN and the upload storage. */
  host: string;
  /** Path and query. */
  url: string;
  range: string | null;
  /** Whether a token came along. */
  authorization: boolean;
  /** 0 until the answer begins. */
  status: number;
  /** Bytes of the answer's body that were handed to the kernel. Of a cut connection the client may have seen fewer. */
  sent: number;
  /** Bytes of the request's body. */
  received: number;
}

/** In the order of arrival. */
export class RequestLog {
  readonly requests: LoggedRequest[] = [];

  /** How many requests there were whose `METHOD /path?query` matches. */
  count(pattern: RegExp): number {
    return this.#matching(pattern).length;
  }

  bytesSent(pattern = /^/): number {
    return this.#matching(pattern).reduce((total, { sent }) => total + sent, 0);
  }

  #matching(pattern: RegExp): LoggedRequest[] {
    return this.requests.filter((request) => lineOf(request).search(pattern) >= 0);
  }
}

/** What patterns are held against. */
export function lineOf({ method, url }: Pick<LoggedRequest, 'method' | 'url'>): string {
  return `${method} ${url}`;
}
