/**
 * Without what could steer the terminal of whoever reads it, or turn the direction of writing so that a name disguises itself.
 * Texts from files and tools may hold anything. Line ends and tabs stay.
 */
export function harmless(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
}

/** The same for every text in a value, names of keys too: of results that somebody else wrote. */
export function harmlessAll<T>(value: T): T {
  const made = Array.isArray(value)
    ? value.map(harmlessAll)
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [harmless(key), harmlessAll(inner)]))
      : typeof value === 'string'
        ? harmless(value)
        : value;
  return made as T;
}
