import { type Gguf, readGguf } from '../gguf/header.ts';
import { tensorDigests } from '../gguf/weights-digest.ts';

/** What differs between two GGUFs whose bytes are not the same, in sentences: keys first, then tensors. @param parts of the first, which may be split */
export async function differencesBetween(parts: string[], other: string): Promise<string[]> {
  const [a, b] = [readGguf(parts[0] ?? ''), readGguf(other)];
  const keys = keysThatDiffer(a, b);
  const tensors = await tensorsThatDiffer(parts, other);
  const some = (names: string[]) => (names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', '));
  return [
    ...(keys.length > 0 ? [`${keys.length === 1 ? 'the key' : 'the keys'} ${some(keys)}`] : []),
    ...(tensors.length > 0
      ? [`${tensors.length} of ${b.tensors.length} tensors: ${some(tensors)}`]
      : ['no tensor: the weights are the same']),
  ];
}

function keysThatDiffer(a: Gguf, b: Gguf): string[] {
  const keys = [...new Set([...a.metadata.keys(), ...b.metadata.keys()])];
  const inWords = (value: unknown) => JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? String(inner) : inner));
  return keys.filter((key) => !key.startsWith('split.') && inWords(a.metadata.get(key)) !== inWords(b.metadata.get(key)));
}

async function tensorsThatDiffer(parts: string[], other: string): Promise<string[]> {
  const [a, b] = [await tensorDigests(parts), await tensorDigests([other])];
  return [...new Set([...a.keys(), ...b.keys()])].filter((name) => a.get(name) !== b.get(name));
}
