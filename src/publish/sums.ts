/** Digests by path, as `sha256sum --check` reads them. */
export type Sums = Map<string, string>;

/** In the order of the paths, so that the same files give the same text. */
export function sumsText(sums: Sums): string {
  return [...sums]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, sha256]) => `${sha256}  ${path}\n`)
    .join('');
}

/** Lines that are none are left out. */
export function readSums(text: string): Sums {
  return new Map(
    text.split('\n').flatMap((line): [string, string][] => {
      const [, sha256, path] = /^([0-9a-f]{64}) [ *](.+)$/.exec(line) ?? [];
      return sha256 && path ? [[path, sha256]] : [];
    }),
  );
}
