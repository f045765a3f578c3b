import { studentQuantile } from './student.ts';

export interface Line {
  /** y where x is 0. */
  intercept: number;
  slope: number;
  /** Half of the slope's 95 % interval. */
  slopeError: number;
  /** Root mean square of (y - line) / y. */
  relativeError: number;
}

/** The line with the smallest sum of squared relative errors; null for fewer than three points or a single x. All y are above 0. */
export function fitLine(points: { x: number; y: number }[]): Line | null {
  const n = points.length;
  const weighted = points.map(({ x, y }) => ({ x, y, weight: 1 / y ** 2 }));
  const sum = (read: (point: (typeof weighted)[number]) => number) => weighted.reduce((total, point) => total + read(point), 0);
  const [w, wx, wy] = [sum(({ weight }) => weight), sum(({ weight, x }) => weight * x), sum(({ weight, y }) => weight * y)];
  const [meanX, meanY] = [wx / w, wy / w];
  const spread = sum(({ weight, x }) => weight * (x - meanX) ** 2);
  if (n < 3 || !(spread > 0)) return null;
  const slope = sum(({ weight, x, y }) => weight * (x - meanX) * (y - meanY)) / spread;
  const intercept = meanY - slope * meanX;
  const squares = sum(({ weight, x, y }) => weight * (y - intercept - slope * x) ** 2);
  return {
    intercept,
    slope,
    slopeError: studentQuantile(0.975, n - 2) * Math.sqrt(squares / (n - 2) / spread),
    relativeError: Math.sqrt(squares / n),
  };
}
