import { isSameFile } from '../../hub/committed.ts';
import type { HubFile } from '../../hub/repo.ts';
import type { LocalFile } from '../../hub/writer.ts';
import { quantTag } from '../../pipeline/quant-tag.ts';
import { type Build, type BuildRow, cardPath, filesOf, sumsPath } from '../build.ts';
import { type Sums, sumsText } from '../sums.ts';
import { textFile } from '../text-file.ts';

export interface PlannedCommit {
  title: string;
  add: LocalFile[];
  remove: string[];
}

/** A repo as it was found. */
export interface Found {
  files: HubFile[];
  /** Text of the card; null where there is none. */
  card: string | null;
  /** What an earlier publication put there, by its SHA256SUMS; empty for a repo that qpipe did not write. */
  sums: Sums;
}

/**
 * The commits that bring a build into a repo: one for each row whose files are not there, with the card and the sums that are right at that
 * moment. What an earlier build left goes in the commit of what takes its tag, else in the last one. Empty when all of it is there.
 */
export function planCommits(build: Build, found: Found): PlannedCommit[] {
  const planner = new Planner(build, found);
  const { waiting } = planner;
  for (const [i, row] of waiting.entries()) planner.bring(row, i === waiting.length - 1);
  if (waiting.length === 0) planner.bringRest();
  return planner.commits;
}

/** What the repo holds after each commit that was planned. */
class Planner {
  readonly commits: PlannedCommit[] = [];
  /** Rows whose files are not there, as it was found. */
  readonly waiting: BuildRow[];
  readonly #build: Build;
  readonly #repo: Map<string, HubFile>;
  readonly #sent = new Map<string, string>();
  readonly #sums: Sums;
  readonly #there: BuildRow[];
  #stale: string[];
  #card: string | null;

  constructor(build: Build, { files, card, sums }: Found) {
    this.#build = build;
    this.#repo = new Map(files.map((file) => [file.path, file]));
    this.#card = card;
    const own = new Set(filesOf(build).map(({ path }) => path));
    this.#sums = new Map([...sums].filter(([path]) => this.#repo.has(path)));
    this.#stale = [...this.#sums.keys()].filter((path) => !own.has(path));
    for (const file of filesOf(build)) if (this.isThere(file)) this.#sums.set(file.path, file.sha256);
    this.waiting = build.rows.filter((row) => !row.files.every((file) => this.isThere(file)));
    this.#there = build.rows.filter((row) => !this.waiting.includes(row));
  }

  /** What lies beside the rows comes with the first of them: it is small, and makes it whole. */
  bring(row: BuildRow, isLast: boolean): void {
    this.#there.push(row);
    const gone = this.#stale.filter((path) => isLast || (row.tag !== null && quantTag(path) === row.tag));
    this.commit(`Publish ${row.name} (run ${this.#build.run})`, [...this.#build.beside, ...row.files], gone);
  }

  bringRest(): void {
    this.commit(`Publish what lies beside the files (run ${this.#build.run})`, this.#build.beside, this.#stale);
  }

  private commit(title: string, files: LocalFile[], gone: string[]): void {
    this.#stale = this.#stale.filter((path) => !gone.includes(path));
    for (const path of gone) this.#sums.delete(path);
    for (const { path, sha256 } of files) this.#sums.set(path, sha256);
    // As the build has them, whichever came first.
    const there = this.#build.rows.filter((row) => this.#there.includes(row));
    this.#card = this.#build.card(there, this.#card);
    const all = [...files, textFile(cardPath, this.#card), textFile(sumsPath, sumsText(this.#sums))];
    const add = all.filter((file) => !this.isThere(file));
    for (const { path, sha256 } of add) this.#sent.set(path, sha256);
    if (add.length > 0 || gone.length > 0) this.commits.push({ title, add, remove: gone });
  }

  private isThere(file: LocalFile): boolean {
    const sent = this.#sent.get(file.path);
    return sent === undefined ? isSameFile(file, this.#repo.get(file.path)) : sent === file.sha256;
  }
}
