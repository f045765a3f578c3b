import type { Unit } from '../gates/metric.ts';

/** An amount as a person writes it, in the metric's unit; `relative` for a share of another value. */
export type Amount = { ok: true; value: number; relative: boolean } | { ok: false; message: string; fix: string };

const powers: Record<string, number> = {
  B: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};

/** `0.05`, `600MB`, and for a change `1%`. Sizes are what the Hub and reports mean by them: MB is a million bytes, MiB 2^20. */
export function amountOf(written: number | string, unit: Unit, isChange: boolean): Amount {
  if (typeof written === 'number') return { ok: true, value: written, relative: false };
  const [, number = '', word = ''] = /^\s*(\d+(?:\.\d+)?)\s*([A-Za-z%]*)\s*$/.exec(written) ?? [];
  const value = Number(number || Number.NaN);
  if (!Number.isFinite(value)) return unread(written, unit, isChange);
  if (word === '%' && unit === '%')
    return isChange
      ? {
          ok: false,
          message: `\`${written}\` could be a share or points: this metric is in percent already`,
          fix: `write ${number} for as many points`,
        }
      : { ok: true, value, relative: false };
  if (word === '%' && isChange) return { ok: true, value: value / 100, relative: true };
  const factor = word === '' ? 1 : unit === 'bytes' ? powers[word] : undefined;
  return factor === undefined ? unread(written, unit, isChange) : { ok: true, value: value * factor, relative: false };
}

function unread(written: string, unit: Unit, isChange: boolean): Amount {
  const example = unit === 'bytes' ? '600MB or 2GiB' : unit === '%' ? '85' : '0.05';
  return {
    ok: false,
    message: `\`${written}\` is no amount of this metric`,
    fix: `its unit is ${unit}: write a number, such as ${example}${isChange && unit !== '%' ? ', or a share, such as 1%' : ''}`,
  };
}
