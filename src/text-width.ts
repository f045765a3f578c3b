import stringWidth from 'string-width';

/** Columns that a text takes on a terminal. */
export function textWidth(text: string): number {
  // Most of it is plain, and then nothing has to be looked up.
  return /^[\x20-\x7e]*$/.test(text) ? text.length : stringWidth(text);
}
