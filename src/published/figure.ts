/** A figure as it was printed. */
export interface Figure {
  /** Its digits, without the error. */
  printed: string;
  value: number;
  /** The printed +/-, or null. */
  error: number | null;
  /** Half of the last printed digit: what rounding may hide. */
  half: number;
  /** Printed with `~`. */
  approximate: boolean;
}

/** `6.2332 ± 0.0378`, `~350` or `16.0`. Null for anything else. */
export function readFigure(cell: string): Figure | null {
  const match = /^(~?)([+-]?\d+(?:\.(\d+))?)(?:\s*±\s*(\d+(?:\.\d+)?))?$/.exec(cell);
  if (!match) return null;
  const [, approximately, printed = '', decimals = '', error] = match;
  return {
    printed,
    value: Number(printed),
    error: error === undefined ? null : Number(error),
    half: Number(`5e-${decimals.length + 1}`),
    approximate: approximately === '~',
  };
}

export function decimalsOf(printed: string): number {
  return printed.split('.')[1]?.length ?? 0;
}
