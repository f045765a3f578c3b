/** Pixels that a text takes at most, whichever system font it gets: measured on a wide one. */
export function pixelWidth(text: string, size = 12): number {
  let sum = 0;
  for (const character of text) sum += emsOf(character);
  return sum * size;
}

const known = new Map<string, number>();

function emsOf(character: string): number {
  const ems = known.get(character) ?? emWidth(character);
  known.set(character, ems);
  return ems;
}

function emWidth(character: string): number {
  if (/[ijl.,:;|'!·\s[\]()]/.test(character)) return 0.4;
  if (/[mwMW%@]/.test(character)) return 0.98;
  if (/[A-Z]/.test(character)) return 0.7;
  if (/[\u1100-\u9fff\uac00-\ud7af\uff00-\uffef]|\p{Emoji_Presentation}/u.test(character)) return 1.1;
  return 0.64;
}

/** A text that fits, its end cut off if need be. @param width pixels */
export function fitted(text: string, width: number, size = 12): string {
  if (pixelWidth(text, size) <= width) return text;
  const characters = [...text];
  while (characters.length > 1 && pixelWidth(`${characters.join('')}…`, size) > width) characters.pop();
  return `${characters.join('')}…`;
}

/** Lines of whole words. @param width pixels */
export function wrapped(text: string, width: number, size = 12): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = lines.length > 0 ? `${lines.at(-1)} ${word}` : word;
    if (lines.length > 0 && pixelWidth(longer, size) <= width) lines[lines.length - 1] = longer;
    else lines.push(fitted(word, width, size));
  }
  return lines;
}
