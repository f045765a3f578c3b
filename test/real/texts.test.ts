import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { sha256File } from '../../src/store/digest.ts';
import { extractColumn } from '../../src/texts/column.ts';
import { extractMember } from '../../src/texts/member.ts';
import { type Workspace, workspace } from '../support/workspace.ts';

const recorder = fileURLToPath(new URL('../../scripts/record-texts.py', import.meta.url));
const pyarrow = /pyarrow==[\d.]+/.exec(readFileSync(recorder, 'utf8'))?.[0] ?? '';

let space: Workspace;
let python: string;

/** Tables and archives made by the programs that people make them with. */
beforeAll(() => {
  space = workspace();
  python = space.path('venv', 'bin', 'python');
  execFileSync('python3', ['-m', 'venv', space.path('venv')]);
  execFileSync(python, ['-m', 'pip', 'install', '--quiet', pyarrow], { stdio: 'ignore' });
  return () => space[Symbol.dispose]();
});

describe('what Python writes', () => {
  test('is what the fixtures are', async () => {
    execFileSync(python, [recorder, space.path('texts')]);
    expect(readdirSync(space.path('texts'))).toEqual(readdirSync(fileURLToPath(new URL('../fixtures/texts', import.meta.url))));
    for (const table of readdirSync(space.path('texts')).filter((name) => name.startsWith('documents-'))) {
      await extractColumn(space.path('texts', table), 'text', space.path('text.txt'));
      expect(space.read('text.txt'), table).toBe(space.read('texts/documents.txt'));
    }
  });

  test.each([
    ['compression="snappy"', 'with a dictionary that grows too large'],
    ['compression="zstd", use_dictionary=False', 'in one row group'],
    ['compression="gzip", data_page_version="2.0", row_group_size=20000', 'in several'],
    ['compression="lz4", use_dictionary=False, column_encoding={"text": "DELTA_BYTE_ARRAY"}', 'by common beginnings'],
  ])('comes back whole when it is large: %s, %s', async (options) => {
    execFileSync(python, ['-c', large, space.path('large.parquet'), space.path('large.txt'), options]);
    await extractColumn(space.path('large.parquet'), 'text', space.path('text.txt'));
    expect(await sha256File(space.path('text.txt'))).toBe(await sha256File(space.path('large.txt')));
  });

  test('comes back whole from an archive of more than 4 GiB', async () => {
    execFileSync(python, ['-c', sparse, space.path('large.zip')]);
    await extractMember(space.path('large.zip'), 'last.txt', space.path('text.txt'));
    expect(space.read('text.txt')).toBe('The last text.');
  });
});

const large = `
import random, sys
import pyarrow as pa, pyarrow.parquet as pq
random.seed(1)
words = ["".join(random.choices("abcdefghij é日", k=random.randint(2, 12))) for _ in range(5000)]
rows = [None if i % 97 == 0 else " ".join(random.choices(words, k=random.randint(1, 80))) + "." for i in range(60000)]
pq.write_table(pa.table({"text": rows}), sys.argv[1], **eval(f"dict({sys.argv[3]})"))
open(sys.argv[2], "w", newline="").write("".join(row + "\\n" for row in rows if row is not None))
`;

/** Its first member is a hole in the disk. */
const sparse = `
import sys, zipfile
with open(sys.argv[1], "wb") as file:
    file.seek(5 << 30)
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("last.txt", "The last text.", zipfile.ZIP_DEFLATED)
with open(sys.argv[1], "r+b") as file:
    file.write(b"PK\\x03\\x04")
`;
