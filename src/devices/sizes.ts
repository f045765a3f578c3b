const powers: Record<string, number> = { k: 10, m: 20, g: 30, t: 40 };

/** Bytes of a memory: `8GiB`, `7.5 GB`, `512M`. Memory is sold in powers of two whatever its unit is called. Null for anything else. */
export function memoryBytes(written: string): number | null {
  const [, number, unit] = /^\s*(\d+(?:\.\d+)?)\s*([kmgt])i?b?\s*$/i.exec(written) ?? [];
  return number === undefined || unit === undefined ? null : Number(number) * 2 ** (powers[unit.toLowerCase()] ?? 0);
}

/** Bytes per second: `51.2GB/s`. Bandwidth is told in powers of ten. Null for anything else. */
export function bandwidthBytes(written: string): number | null {
  const [, number, unit] = /^\s*(\d+(?:\.\d+)?)\s*([mgt])b(?:\/s|ps)\s*$/i.exec(written) ?? [];
  return number === undefined || unit === undefined ? null : Number(number) * 10 ** ((powers[unit.toLowerCase()] ?? 0) * 0.3);
}

/** Parameters of a model: `7B`, `0.5b`, `270M`. Null for anything else. */
export function parameterCount(written: string): number | null {
  const [, number, unit] = /^\s*(\d+(?:\.\d+)?)\s*([mbt])\s*$/i.exec(written) ?? [];
  const powersOfTen: Record<string, number> = { m: 6, b: 9, t: 12 };
  return number === undefined || unit === undefined ? null : Number(number) * 10 ** (powersOfTen[unit.toLowerCase()] ?? 0);
}
