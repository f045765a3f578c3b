import { expect, test } from 'vitest';
import { release } from '../../../src/hub/release.ts';

test('bytes that nobody uses any more are gone', () => {
  const bytes = Buffer.allocUnsafeSlow(64 << 10);
  release(bytes);
  expect([bytes.length, bytes.buffer.byteLength]).toEqual([0, 0]);
});

test('the end of a memory takes what lies before it along, which was read before', () => {
  const all = Buffer.allocUnsafeSlow(64 << 10);
  release(all.subarray(1000));
  expect(all.length).toBe(0);
});

test('memory in which other bytes follow is left alone', () => {
  const all = Buffer.alloc(64 << 10, 'a');
  release(all.subarray(0, 1000));
  expect(all.equals(Buffer.alloc(64 << 10, 'a'))).toBe(true);
});

test("Node's own pool is left alone, up to its last byte", () => {
  const pooled = Array.from({ length: 100 }, (_, i) => Buffer.from(`bytes ${i}`));
  const pool = pooled[0]?.buffer as ArrayBuffer;
  release(Buffer.from(pool));
  for (const bytes of pooled) release(bytes);
  expect(pooled.map(String)).toEqual(pooled.map((_, i) => `bytes ${i}`));
});
