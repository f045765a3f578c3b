/** The names there are, for a sentence about one that is not there: the most similar ones first. */
export function choices(asked: string, names: readonly string[]): string {
  if (names.length === 0) return 'none';
  const shown = bySimilarity(asked, names).slice(0, mostShown).map(quoted);
  const more = names.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

const mostShown = 5;

/** Control characters come from somebody's archive and go to somebody's terminal. */
function quoted(name: string): string {
  return `\`${name.replace(/\p{Cc}/gu, '?')}\``;
}

function bySimilarity(asked: string, names: readonly string[]): string[] {
  const wanted = pairsOf(asked);
  return names
    .map((name) => ({ name, similarity: similarity(wanted, pairsOf(name)) }))
    .sort((a, b) => b.similarity - a.similarity)
    .map(({ name }) => name);
}

/** Pairs of neighbouring letters: a typo, another folder and another letter case leave most of them. */
function pairsOf(name: string): Set<string> {
  const letters = ` ${name.toLowerCase()} `;
  return new Set(Array.from({ length: letters.length - 1 }, (_, i) => letters.slice(i, i + 2)));
}

/** Share of all pairs that both have, 0 to 1. */
function similarity(a: Set<string>, b: Set<string>): number {
  const common = [...a].filter((pair) => b.has(pair)).length;
  return (2 * common) / (a.size + b.size);
}
