/** Numbers as the sentences of a recommendation have them. */
export function gib(bytes: number): string {
  const value = bytes / 2 ** 30;
  return value >= 10 ? value.toFixed(0) : value >= 0.95 ? value.toFixed(1) : value.toFixed(2);
}

/** Two significant digits. */
export function significant(value: number): string {
  return String(Number(value.toPrecision(2)));
}

export function tokensPerSecond(value: number): string {
  return value >= 100 ? value.toFixed(0) : significant(value);
}

/** `19 % bigger`; no word where they differ by less than half a percent. */
export function compared(one: number, other: number, [more, less]: [more: string, less: string]): string | null {
  const percent = Math.round(100 * (one / other - 1));
  if (percent === 0 || !Number.isFinite(percent)) return null;
  return `${Math.abs(percent)} % ${percent > 0 ? more : less}`;
}

export function joined(parts: (string | null)[]): string {
  const said = parts.filter((part) => part !== null);
  return said.length < 2 ? (said[0] ?? '') : `${said.slice(0, -1).join(', ')} and ${said.at(-1)}`;
}
