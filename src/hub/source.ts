import { notAHub, shown } from './address.ts';
import { follow } from './follow.ts';
import { type Answer, discard } from './network.ts';
import type { Office } from './office.ts';
import { HubFailure } from './problems.ts';
import { Refusal } from './refusal.ts';
import { etagOf, type HubFile, type Tree } from './repo.ts';

/** Bytes of a file. @property end exclusive */
export interface Range {
  start: number;
  end: number;
}

/** Where the bytes of one file come from. Large files lie behind a signed address, which ends; then it is asked for once, whoever notices first. */
export class Source {
  readonly file: HubFile;
  readonly #office: Office;
  readonly #tree: Tree;
  #address: URL | null = null;
  #asking: Promise<URL> | null = null;

  constructor(office: Office, tree: Tree, file: HubFile) {
    this.#office = office;
    this.#tree = tree;
    this.file = file;
  }

  /** One answer that holds exactly these bytes. Throws Refusal, Interruption, range-refused, changed-upstream, not-a-hub, Stopped. */
  async open(range: Range, signal?: AbortSignal): Promise<Answer> {
    const headers = { range: `bytes=${range.start}-${range.end - 1}` };
    // What git itself keeps is small: the Hub hands it out in the answer to the question where it is.
    const answer = this.file.sha256 === null ? await this.fromHub(headers, signal) : await this.fromStorage(headers, signal);
    const wrong = whatIsWrong(answer, range, this.file.size);
    if (wrong === null) return answer;
    // Never read to its end: it may be all of 500 GB.
    answer.body.destroy();
    throw new HubFailure('range-refused', `${shown(answer.url)} does not hand out parts of ${this.file.path}: ${wrong}`);
  }

  /** Makes the next bytes come from an address asked for anew. */
  forget(): void {
    this.#address = null;
  }

  private async fromStorage(headers: Record<string, string>, signal: AbortSignal | undefined): Promise<Answer> {
    for (let renewed = false; ; ) {
      const used = await this.address(signal);
      try {
        return await this.read(used, headers, signal);
      } catch (error) {
        if (renewed || !(error instanceof Refusal && error.isExpiry)) throw error;
        // Somebody else may have noticed before: then the new address is there already.
        if (this.#address !== used) continue;
        this.forget();
        renewed = true;
      }
    }
  }

  private async read(url: URL, headers: Record<string, string>, signal: AbortSignal | undefined): Promise<Answer> {
    const { answer } = await follow(this.#office.network, { url, headers, signal }, { stopBefore: () => false });
    if (answer) return answer;
    throw new HubFailure('range-refused', `${shown(url)} leads nowhere`);
  }

  private async address(signal: AbortSignal | undefined): Promise<URL> {
    if (this.#address) return this.#address;
    this.#asking ??= this.ask('HEAD', {}, signal)
      .then(({ url }) => {
        this.#address = url;
        return url;
      })
      .finally(() => {
        this.#asking = null;
      });
    return await this.#asking;
  }

  private async fromHub(headers: Record<string, string>, signal: AbortSignal | undefined): Promise<Answer> {
    const { answer, url } = await this.ask('GET', headers, signal);
    return answer ?? (await this.read(url, headers, signal));
  }

  /** Asks the Hub where the file is. Its own redirects are followed, with the token; one to another host is the answer. */
  private async ask(method: 'GET' | 'HEAD', headers: Record<string, string>, signal: AbortSignal | undefined) {
    const { network } = this.#office;
    const told: Told = { commit: '', etag: '' };
    const url = this.resolveUrl();
    const found = await follow(
      network,
      { url, method, headers, signal },
      { stopBefore: ({ origin }) => origin !== network.origin, onAnswer: (answer) => note(told, answer) },
    );
    try {
      this.checkIdentity(told, url);
    } catch (error) {
      found.answer?.body.destroy();
      throw error;
    }
    if (method === 'HEAD' && found.answer) await discard(found.answer);
    return found;
  }

  private resolveUrl(): URL {
    const { repo, commit } = this.#tree;
    const path = this.file.path.split('/').map(encodeURIComponent).join('/');
    return new URL(`${this.#office.site.endpoint}/${repo.type === 'dataset' ? 'datasets/' : ''}${repo.name}/resolve/${commit}/${path}`);
  }

  private checkIdentity({ commit, etag }: Told, url: URL): void {
    const expected = etagOf(this.file);
    if (commit === this.#tree.commit && etag === expected) return;
    if (commit === '' || etag === '') throw notAHub(url);
    const [is, was] = commit === this.#tree.commit ? [etag, expected] : [commit, this.#tree.commit];
    throw new HubFailure('changed-upstream', `${this.file.path} is no longer what the Hub listed: ${was} has become ${is}. Run again`);
  }
}

/** What the Hub says of the file it leads to: the last answer that says it counts. */
interface Told {
  commit: string;
  etag: string;
}

/** The ETag of whoever stores the bytes is their own, so only the Hub's is looked at. */
function note(told: Told, { headers }: Answer): void {
  told.commit = String(headers['x-repo-commit'] ?? told.commit);
  const etag = headers['x-linked-etag'] ?? headers.etag;
  if (etag !== undefined) told.etag = String(etag).replace(/^W\//, '').replaceAll('"', '');
}

function whatIsWrong({ status, headers }: Answer, { start, end }: Range, size: number): string | null {
  if (headers['content-encoding'] !== undefined && headers['content-encoding'] !== 'identity') return 'they come packed';
  const length = headers['content-length'];
  const isLonger = length !== undefined && Number(length) > end - start;
  if (status === 200) return start === 0 && end === size && !isLonger ? null : 'all of it comes instead';
  if (status !== 206) return `status ${status}`;
  if (headers['content-range'] !== `bytes ${start}-${end - 1}/${size}`)
    return `asked for ${start} to ${end - 1} of ${size}, got ${headers['content-range']}`;
  return isLonger ? 'more comes than was asked for' : null;
}
