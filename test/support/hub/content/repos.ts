import { newRepo, type Repo, type RepoType } from './repo.ts';

/** All repos, and the names that some of them had. */
export class Repos {
  readonly #repos = new Map<string, Repo>();
  readonly #moved = new Map<string, string>();

  find(type: RepoType, name: string): Repo | undefined {
    return this.#repos.get(key(type, name));
  }

  /** What a repo of this old name is called now. */
  newName(type: RepoType, name: string): string | undefined {
    return this.#moved.get(key(type, name));
  }

  create(type: RepoType, name: string): Repo {
    const repo = newRepo(type, name);
    this.#repos.set(key(type, name), repo);
    this.#moved.delete(key(type, name));
    return repo;
  }

  /** The model and the data set of a name. Throws when there is neither. */
  named(name: string): Repo[] {
    const found = [this.find('model', name), this.find('dataset', name)].filter((repo) => repo !== undefined);
    if (found.length === 0) throw new Error(`the local Hub has no repo ${name}`);
    return found;
  }

  move(from: string, to: string): void {
    for (const repo of this.named(from)) {
      this.#repos.delete(key(repo.type, from));
      this.#repos.set(key(repo.type, to), repo);
      this.#moved.set(key(repo.type, from), to);
      repo.name = to;
    }
  }
}

function key(type: RepoType, name: string): string {
  return `${type}s/${name}`;
}
