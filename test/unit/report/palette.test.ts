import { describe, expect, test } from 'vitest';
import { palettes } from '../../../src/report/palette.ts';

/** Colours that can be read, and told apart by those who see fewer of them. */
describe.each(Object.entries(palettes))('the %s palette', (_, palette) => {
  test.each(['ink', 'soft', 'accent', 'warn', 'bad', 'good'] as const)('%s can be read on paper and ground', (name) => {
    for (const behind of [palette.paper, palette.ground]) expect(contrast(palette[name], behind)).toBeGreaterThanOrEqual(4.5);
  });

  test.each(['first', 'second', 'third', 'fourth'] as const)('%s can be seen on paper', (name) => {
    expect(contrast(palette[name], palette.paper)).toBeGreaterThanOrEqual(3);
  });

  test.each([0, 1, 2, 3, 4, 5, 6] as const)('numbers can be read on step %i of a heat map', (step) => {
    expect(contrast(palette[`heatInk${step}`], palette[`heat${step}`])).toBeGreaterThanOrEqual(4.5);
  });

  test.each(Object.entries(deficiencies()))('series stay apart with %s', (_name, see) => {
    const series = [palette.first, palette.second, palette.third, palette.fourth].map((colour) => lab(see(linear(colour))));
    const distances = series.flatMap((one, i) =>
      series.slice(i + 1).map((other) => Math.hypot(...one.map((part, k) => part - (other[k] ?? 0)))),
    );
    expect(Math.min(...distances)).toBeGreaterThan(14);
  });
});

type Colour = [number, number, number];

/** Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB. */
function deficiencies(): Record<string, (colour: Colour) => Colour> {
  const through = (rows: Colour[]) => (colour: Colour) =>
    rows.map((row) =>
      Math.min(
        1,
        Math.max(
          0,
          row.reduce((sum, part, i) => sum + part * (colour[i] ?? 0), 0),
        ),
      ),
    ) as Colour;
  return {
    'all cones': (colour) => colour,
    protanopia: through([
      [0.152286, 1.052583, -0.204868],
      [0.114503, 0.786281, 0.099216],
      [-0.003882, -0.048116, 1.051998],
    ]),
    deuteranopia: through([
      [0.367322, 0.860646, -0.227968],
      [0.280085, 0.672501, 0.047413],
      [-0.01182, 0.04294, 0.968881],
    ]),
    tritanopia: through([
      [1.255528, -0.076749, -0.178779],
      [-0.078411, 0.930809, 0.147602],
      [0.004733, 0.691367, 0.3039],
    ]),
  };
}

function linear(colour: string): Colour {
  const parts = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255);
  return parts.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)) as Colour;
}

function luminance(colour: string): number {
  const [r, g, b] = linear(colour);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

/** CIELAB, in which distances are what eyes see. */
function lab([r, g, b]: Colour): Colour {
  const white = [0.95047, 1, 1.08883];
  const xyz = [0.4124 * r + 0.3576 * g + 0.1805 * b, 0.2126 * r + 0.7152 * g + 0.0722 * b, 0.0193 * r + 0.1192 * g + 0.9505 * b];
  const [x = 0, y = 0, z = 0] = xyz
    .map((part, i) => part / (white[i] ?? 1))
    .map((t) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116));
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}
