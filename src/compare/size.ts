import { type Compared, type MeasureComparison, type Measured, refusal } from './comparison.ts';
import { whyNone } from './quality.ts';

/** Share of a file that its metadata may be: nobody chooses by less. */
const leastShare = 0.0005;

/** Bytes of the file, exactly; two of about one size are tied, with the bytes between them. */
export function compareSize(a: Measured, b: Measured): Compared {
  if (!a.row.file || !b.row.file) return refusal('file', [whyNone(a, b, 'file')]);
  const [first, second] = [a.row.file.bytes, b.row.file.bytes];
  const change = { kind: 'difference', value: second - first, n: 1 } as const;
  const bytes = Math.abs(change.value);
  const isSame = bytes === 0 || bytes < leastShare * first;
  const verdict = isSame ? 'tied' : second < first ? 'better' : 'worse';
  const same = because(a.row.file.sha256 === b.row.file.sha256, isSame ? bytes : null);
  return {
    measures: [
      { measure: 'size', part: 'file', unit: 'bytes', a: { value: first, n: 1 }, b: { value: second, n: 1 }, change, verdict, ...same },
    ],
    refused: [],
  };
}

/** @param bytes between two files of one size; null for those of two */
function because(isSameFile: boolean, bytes: number | null): Pick<MeasureComparison, 'because'> {
  if (isSameFile) return { because: 'the same file' };
  if (bytes === null) return {};
  return { because: bytes === 0 ? 'the same size' : `the same size but for ${bytes} byte${bytes === 1 ? '' : 's'}` };
}
