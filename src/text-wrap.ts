import { textWidth } from './text-width.ts';

/** A line in lines that fit the width, broken between words where that can be. @param indent of all but the first */
export function wrapped(line: string, width: number, indent = ''): string[] {
  if (textWidth(line) <= width) return [line];
  const room = width - textWidth(indent);
  const lines = [''];
  for (const word of line.split(/(?<= )/).flatMap((word) => pieces(word, room))) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && textWidth(last + word.trimEnd()) > (lines.length === 1 ? width : room)) lines.push(word);
    else lines[lines.length - 1] = last + word;
  }
  return lines.map((one, i) => (i === 0 ? one : indent + one).trimEnd());
}

/** A word, or its parts where it is wider than the room: some languages have no spaces. */
function pieces(word: string, room: number): string[] {
  if (textWidth(word) <= room) return [word];
  const parts = [''];
  for (const character of word) {
    if (textWidth((parts.at(-1) ?? '') + character) > room) parts.push(character);
    else parts[parts.length - 1] += character;
  }
  return parts;
}
