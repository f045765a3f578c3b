export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Wanted {
  /** The point that it belongs to. */
  x: number;
  y: number;
  /** Pixels. */
  width: number;
  height: number;
}

const directions = Array.from({ length: 24 }, (_, i) => (i * Math.PI) / 12);
const distances = [3, 8, 14, 22, 32, 44, 58, 74, 92, 112];
const gap = 1;

/**
 * Boxes for labels beside their points: none overlaps another, a point or an obstacle, or leaves the frame. The first ones choose first. A label for which
 * there is no room within reach has null. Pure, and the same each time.
 */
export function placeLabels(wanted: Wanted[], frame: Box, obstacles: Box[] = [], lines: Box[] = []): (Box | null)[] {
  const taken = [...obstacles, ...wanted.map(({ x, y }) => ({ x: x - 5, y: y - 5, width: 10, height: 10 }))];
  return wanted.map((label) => {
    const free = candidates(label).filter((box) => isInside(box, frame) && !taken.some((other) => overlap(box, other)));
    const best = free.map((box) => ({ box, cost: costOf(box, label, lines) })).sort((a, b) => a.cost - b.cost)[0]?.box ?? null;
    if (best) taken.push(grown(best));
    return best;
  });
}

/** Right first, then around the point, farther and farther. */
function candidates(label: Wanted): Box[] {
  return distances.flatMap((distance) => directions.map((angle) => boxAt(label, angle, distance + 6)));
}

/** The box whose edge is met when going from the point in a direction. */
function boxAt({ x, y, width, height }: Wanted, angle: number, distance: number): Box {
  const [dx, dy] = [Math.cos(angle), Math.sin(angle)];
  return { x: x + dx * (distance + width / 2) - width / 2, y: y + dy * (distance + height / 2) - height / 2, width, height };
}

/** Near is good, right of the point is best, and what crosses a line is hard to read. */
function costOf(box: Box, label: Wanted, lines: Box[]): number {
  const crossed = lines.filter((line) => overlap(box, line)).length;
  const offLine = Math.abs(box.y + box.height / 2 - label.y);
  return distanceTo(box, label) + 0.4 * offLine + 12 * crossed + (box.x < label.x ? 4 : 0);
}

/** Pixels between a point and the nearest edge of a box. */
export function distanceTo(box: Box, { x, y }: { x: number; y: number }): number {
  return Math.hypot(Math.max(box.x - x, 0, x - box.x - box.width), Math.max(box.y - y, 0, y - box.y - box.height));
}

export function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function isInside(box: Box, frame: Box): boolean {
  return box.x >= frame.x && box.y >= frame.y && box.x + box.width <= frame.x + frame.width && box.y + box.height <= frame.y + frame.height;
}

function grown({ x, y, width, height }: Box): Box {
  return { x: x - gap, y: y - gap, width: width + 2 * gap, height: height + 2 * gap };
}
