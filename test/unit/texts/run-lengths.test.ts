import { describe, expect, test } from 'vitest';
import { readRuns } from '../../../src/texts/run-lengths.ts';

describe('readRuns', () => {
  test('repeated numbers', () => {
    expect(read([5 << 1, 7], 3, 5)).toEqual([7, 7, 7, 7, 7]);
    expect(read([2 << 1, 0x34, 0x12, 1 << 1, 1, 0], 16, 3)).toEqual([0x1234, 0x1234, 1]);
  });

  test('packed numbers, as the specification of parquet has them', () => {
    expect(read([(1 << 1) | 1, 0b10001000, 0b11000110, 0b11111010], 3, 8)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  test.each([1, 2, 5, 8, 13, 20, 24])('packed numbers of %i bits', (width) => {
    const numbers = Array.from({ length: 16 }, (_, i) => (i * 2654435761) % 2 ** width);
    expect(read([(2 << 1) | 1, ...packed(numbers, width)], width, 16)).toEqual(numbers);
  });

  test('both, one after the other, and a last group that is cut', () => {
    const bytes = [3 << 1, 1, (1 << 1) | 1, 0b10101010, 2 << 1, 0, (2 << 1) | 1, 0xff];
    expect(read(bytes, 1, 17)).toEqual([1, 1, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 0, 1, 1, 1, 1]);
  });

  test('a choice from one needs no bytes', () => {
    expect(read([], 0, 3)).toEqual([0, 0, 0]);
  });

  test('a run that claims two thousand million numbers gives those that are wanted', () => {
    expect(read([0xfe, 0xff, 0xff, 0xff, 0x0f, 1], 1, 3)).toEqual([1, 1, 1]);
    expect(read([0xff, 0xff, 0xff, 0xff, 0x0f, 5], 1, 3)).toEqual([1, 0, 1]);
  });

  test.each([
    ['no bytes', [], 1],
    ['a run without its number', [2 << 1], 1],
    ['packed numbers that end too early', [(1 << 1) | 1], 8],
    ['a length without end', [0x80, 0x80, 0x80, 0x80, 0x80, 0x80], 1],
    ['wide numbers', [2, 0, 0, 0, 0], 32],
    ['empty runs', [0, 1, 0, 1], 1],
  ])('throws for %s', (_what, bytes, width) => {
    expect(() => read(bytes, width, 8)).toThrow();
  });
});

function read(bytes: readonly number[], width: number, count: number): number[] {
  return [...readRuns({ data: Uint8Array.from(bytes), offset: 0 }, width, count)];
}

function packed(numbers: readonly number[], width: number): number[] {
  const bits = numbers.flatMap((number) => Array.from({ length: width }, (_, bit) => Math.floor(number / 2 ** bit) % 2));
  return Array.from({ length: bits.length / 8 }, (_, byte) =>
    bits.slice(byte * 8, byte * 8 + 8).reduceRight((sum, bit) => sum * 2 + bit, 0),
  );
}
