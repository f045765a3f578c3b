/** What llama.cpp takes for the quant type in a file's name: `-hf owner/name:Q4_K_M` finds the file by it. Null where it finds none. */
export function quantTag(fileName: string): string | null {
  return /[-.]([A-Z0-9_]+)(?:-\d{5}-of-\d{5})?\.gguf$/.exec(fileName)?.[1] ?? null;
}

/** Tags that more than one file would answer. */
export function sharedTags(fileNames: string[]): { tag: string; names: string[] }[] {
  const tags = new Set(fileNames.flatMap((name) => quantTag(name) ?? []));
  return [...tags].flatMap((tag) => {
    const names = fileNames.filter((name) => quantTag(name) === tag);
    return names.length > 1 ? [{ tag, names }] : [];
  });
}
