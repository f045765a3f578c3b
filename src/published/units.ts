const bytes: Record<string, number> = {
  TiB: 2 ** 40,
  GiB: 2 ** 30,
  MiB: 2 ** 20,
  KiB: 2 ** 10,
  TB: 1e12,
  GB: 1e9,
  MB: 1e6,
  kB: 1e3,
  bytes: 1,
};

export const sizeUnits = Object.keys(bytes);

/** Bytes of a unit; 1 for what is none. */
export function bytesOf(unit: string | null): number {
  return bytes[unit ?? ''] ?? 1;
}
