/** `llama-gguf-split --split`: shards by size, the first of them with the metadata. @param largest bytes of a shard: whole millions */
export function splitArguments(source: string, stem: string, largest: number): string[] {
  return ['--split', '--split-max-size', sizeWord(largest), source, stem];
}

/** The tool counts in powers of ten. */
function sizeWord(bytes: number): string {
  return bytes % 1e9 === 0 ? `${bytes / 1e9}G` : `${Math.max(1, Math.floor(bytes / 1e6))}M`;
}

/** `stem-00001-of-00003.gguf`; null for another name. */
export function shardOf(name: string, stem: string): { number: number; count: number } | null {
  const found = name.startsWith(`${stem}-`) ? /^-(\d{5})-of-(\d{5})\.gguf$/.exec(name.slice(stem.length)) : null;
  return found ? { number: Number(found[1]), count: Number(found[2]) } : null;
}
