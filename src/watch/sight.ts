/** What a pipeline stands on, thing by thing, by what people call it: `me/adapter@main`, a path, `llama.cpp`, `pipeline`. */
export type Sight = Record<string, Seen>;

export interface Seen {
  /** What is cheap to ask for: a commit, a release. The content of the same one is the same. */
  at: string;
  /** Digest of what decides. */
  content: string;
}

/** What is not what it was, in words; empty where nothing that decides has changed. A new commit with the same files is no change. */
export function changesIn(before: Sight, now: Sight): string[] {
  const gone = Object.keys(before).filter((thing) => !(thing in now));
  const changed = Object.entries(now).flatMap(([thing, { at, content }]) => {
    const last = before[thing];
    if (last?.content === content) return [];
    if (!last) return [`${thing} is new`];
    return [last.at === at ? `${thing} changed` : `${thing}: ${short(last.at)} to ${short(at)}`];
  });
  return [...changed, ...gone.map((thing) => `${thing} is not used any more`)];
}

/** Of a commit so much as people read; anything else as it is. */
function short(text: string): string {
  return /^[0-9a-f]{40}$/.test(text) ? text.slice(0, 12) : text;
}
