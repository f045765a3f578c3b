import { type Compared, type Measured, refusal } from './comparison.ts';
import { whyNone } from './quality.ts';

/** Bytes of the file, exactly. */
export function compareSize(a: Measured, b: Measured): Compared {
  if (!a.row.file || !b.row.file) return refusal('file', [whyNone(a, b, 'file')]);
  const [first, second] = [a.row.file.bytes, b.row.file.bytes];
  const change = { kind: 'difference', value: second - first, n: 1 } as const;
  const verdict = second === first ? 'tied' : second < first ? 'better' : 'worse';
  const same = a.row.file.sha256 === b.row.file.sha256 ? { because: 'the same file' } : {};
  return {
    measures: [
      { measure: 'size', part: 'file', unit: 'bytes', a: { value: first, n: 1 }, b: { value: second, n: 1 }, change, verdict, ...same },
    ],
    refused: [],
  };
}
