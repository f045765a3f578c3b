import { describe, expect, test } from 'vitest';
import { distanceTo, overlap, placeLabels, type Wanted } from '../../../../src/report/charts/place-labels.ts';
import { pixelWidth } from '../../../../src/report/charts/text-size.ts';
import { manyResults } from '../../../support/many-results.ts';

/** Labels of a chart: every one can be read, and belongs to its point. */
const frame = { x: 80, y: 30, width: 860, height: 440 };

describe('labels of 34 types', () => {
  const wanted = pointsOf34();
  const boxes = placeLabels(wanted, frame);

  test('all have a place', () => void expect(boxes).not.toContain(null));

  test('do not overlap each other or a point', () => {
    const placed = boxes.flatMap((box) => box ?? []);
    const pairs = placed.flatMap((one, i) => placed.slice(i + 1).filter((other) => overlap(one, other)));
    expect(pairs).toEqual([]);
    for (const { x, y } of wanted) expect(placed.filter((box) => overlap(box, { x: x - 4, y: y - 4, width: 8, height: 8 }))).toEqual([]);
  });

  test('stay in the frame, within reach of their points', () => {
    for (const [i, box] of boxes.entries()) {
      if (!box) throw new Error('unreachable');
      expect(box.x).toBeGreaterThanOrEqual(frame.x);
      expect(box.x + box.width).toBeLessThanOrEqual(frame.x + frame.width);
      expect(distanceTo(box, wanted[i] ?? { x: 0, y: 0 })).toBeLessThan(130);
    }
  });

  test('lie where they lay the time before', () => void expect(placeLabels(wanted, frame)).toEqual(boxes));
});

test('a single label stands to the right of its point', () => {
  const [box] = placeLabels([{ x: 300, y: 200, width: 50, height: 14 }], frame);
  expect(box?.x).toBeGreaterThan(300);
  expect(Math.abs((box?.y ?? 0) + 7 - 200)).toBeLessThan(2);
});

test('what is forbidden stays free', () => {
  const obstacle = { x: 300, y: 150, width: 400, height: 100 };
  const [box] = placeLabels([{ x: 300, y: 200, width: 50, height: 14 }], frame, [obstacle]);
  expect(box && overlap(box, obstacle)).toBe(false);
});

test('a crowd never overlaps; who finds no room has no label', () => {
  const crowd = Array.from({ length: 400 }, (_, i) => ({ x: 300 + (i % 20), y: 200 + Math.floor(i / 20), width: 60, height: 14 }));
  const placed = placeLabels(crowd, frame).flatMap((box) => box ?? []);
  expect(placed.length).toBeGreaterThan(10);
  expect(placed.length).toBeLessThan(400);
  expect(placed.flatMap((one, i) => placed.slice(i + 1).filter((other) => overlap(one, other)))).toEqual([]);
});

/** Where the chart of a large run has them: on a steep curve, many close together. */
function pointsOf34(): Wanted[] {
  return manyResults().rows.flatMap(({ kind, name, file, quality }) => {
    if (kind === 'base' || !file || !quality) return [];
    return [
      {
        x: frame.x + 20 + (file.bytes / 8.6e9) * 800,
        y: frame.y + 420 - (Math.log10(quality.kld.value) + 3) * 100,
        width: pixelWidth(name, 11.5),
        height: 14,
      },
    ];
  });
}
