import type { LocalFile } from '../../hub/writer.ts';
import { type Build, cardPath, filesOf, sumsPath } from '../build.ts';
import { sumsText } from '../sums.ts';
import { textFile } from '../text-file.ts';

/** All files of a build with its card and sums: what a folder holds. @param card the one of the build before, whose parts by hand go along */
export function wholeFiles(build: Build, card: string | null): LocalFile[] {
  const files = filesOf(build);
  const sums = new Map(files.map(({ path, sha256 }) => [path, sha256]));
  return [...files, textFile(cardPath, build.card(build.rows, card)), textFile(sumsPath, sumsText(sums))];
}
