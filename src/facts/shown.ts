const mostCharacters = 60;
const mostLevels = 3;

/** A value of a file as a message shows it: what a stranger wrote may be of any size and depth. */
export function shown(value: unknown): string {
  return value === undefined ? 'missing' : shortened(JSON.stringify(outermost(value, mostLevels)));
}

export function shortened(text: string): string {
  return text.length > mostCharacters ? `${text.slice(0, mostCharacters)}...` : text;
}

/** JSON.stringify goes down into all levels, and thousands of them are too many for it. */
function outermost(value: unknown, levels: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (levels === 0) return '...';
  if (Array.isArray(value)) return value.slice(0, mostCharacters).map((one) => outermost(one, levels - 1));
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, mostCharacters)
      .map(([key, one]) => [key, outermost(one, levels - 1)]),
  );
}
