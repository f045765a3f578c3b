import { UserError } from '../errors.ts';

const units: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** `15m`, `90s`, `2h`, `1d` in milliseconds. Throws UserError for anything else, below `leastSeconds`, and above what a timer can wait for. */
export function durationMs(flag: string, written: string, leastSeconds: number): number {
  const [, count, unit = ''] = /^(\d+(?:\.\d+)?)([smhd])$/.exec(written.trim()) ?? [];
  const seconds = Number(count) * (units[unit] ?? Number.NaN);
  if (!Number.isFinite(seconds)) throw new UserError(`${flag} takes a time such as 15m, 2h or 90s, and not ${written}`);
  if (seconds < leastSeconds) throw new UserError(`${flag} ${written} is too often: ${leastSeconds}s is the least`);
  if (seconds > 24 * 86_400) throw new UserError(`${flag} ${written} is too long: 24d is the most`);
  return seconds * 1000;
}
