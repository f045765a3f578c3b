/** What llama.cpp shows as the quant type of a file, from the end of its name, in capitals; null where it finds none. */
export function quantTag(path: string): string | null {
  return /[-.]([A-Z0-9_]+)(?:-\d{5}-of-\d{5})?\.gguf$/i.exec(path)?.[1]?.toUpperCase() ?? null;
}

/**
 * Tags of these files by which `-hf owner/name:TAG` would find more than one of them. llama.cpp looks for the tag anywhere in a path, with a dot
 * or a hyphen behind it and whatever before it: F16 finds a BF16 as well.
 */
export function sharedTags(paths: string[]): { tag: string; names: string[] }[] {
  const tags = new Set(paths.flatMap((path) => quantTag(path) ?? []));
  return [...tags].flatMap((tag) => {
    const found = new RegExp(`${tag}[.-]`, 'i');
    const names = paths.filter((path) => found.test(path));
    return names.length > 1 ? [{ tag, names }] : [];
  });
}
