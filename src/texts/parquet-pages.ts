import { crc32 } from 'node:zlib';
import type { ColumnMetaData, PageHeader, RowGroup } from 'hyparquet';
import { UserError } from '../errors.ts';
import { isBomb } from './bomb.ts';
import { withReason } from './broken.ts';
import type { Row } from './joined-rows.ts';
import { type ParquetFile, readBytes } from './parquet.ts';
import { decompressors, dictionaryOf, type Page, type PageContext, rowsOfPage } from './parquet-page.ts';

/**
 * The rows of a column of strings, a page at a time and in their order. hyparquet's own reading takes a row group at a time, and many files have
 * only one; so its parts for headers and packed bytes are used, whose types are checked when qpipe is compiled.
 *
 * Throws UserError for a compression that cannot be read or a page that is absurdly large for its bytes, Failure for a damaged file.
 */
export async function* rowsOf(file: ParquetFile, column: string): AsyncGenerator<Row[]> {
  try {
    const { metadata } = file;
    for (const group of metadata.row_groups) yield* rowsOfGroup(file, column, group);
  } catch (thrown) {
    throw withReason(thrown, `${file.path} is cut or damaged`);
  }
}

async function* rowsOfGroup(file: ParquetFile, column: string, group: RowGroup): AsyncGenerator<Row[]> {
  const chunk = group.columns.find(({ meta_data }) => meta_data?.path_in_schema[0] === column)?.meta_data;
  if (!chunk) throw new Error(`a part of the column ${column} is missing or encrypted`);
  await refuseCodec(file, chunk);
  const context: PageContext = { codec: chunk.codec, isNullable: isNullable(file, column), dictionary: [] };
  let left = Number(group.num_rows);
  for await (const page of pagesOf(file, chunk)) {
    if (page.header.type === 'INDEX_PAGE') continue;
    if (page.header.type === 'DICTIONARY_PAGE') context.dictionary = await dictionaryOf(page, context);
    else {
      const count = (page.header.data_page_header ?? page.header.data_page_header_v2)?.num_values ?? 0;
      left -= count;
      if (!(count >= 0 && left >= 0)) break;
      if (count > 0) yield await rowsOfPage(page, context);
    }
  }
  if (left !== 0) throw new Error(`a part of the column ${column} has another number of rows than the file says`);
}

async function refuseCodec({ path }: ParquetFile, { codec }: ColumnMetaData): Promise<void> {
  if (codec !== 'UNCOMPRESSED' && !(await decompressors())[codec])
    throw new UserError(`${path} is compressed with ${codec}, which qpipe cannot read: name a copy with another compression`);
}

function isNullable({ schema }: ParquetFile, column: string): boolean {
  return schema.children.find(({ element }) => element.name === column)?.element.repetition_type !== 'REQUIRED';
}

async function* pagesOf(file: ParquetFile, chunk: ColumnMetaData): AsyncGenerator<Page> {
  let position = Number(chunk.dictionary_page_offset || chunk.data_page_offset);
  const end = position + Number(chunk.total_compressed_size);
  while (position < end) {
    const { header, size } = await readHeader(file, position, end);
    const start = position + size;
    position = start + header.compressed_page_size;
    if (!(header.compressed_page_size >= 0 && position <= end)) throw new Error('a page reaches over its end');
    const page = { header, stored: await readBytes(file.handle, start, position) };
    refuseBad(file, page);
    yield page;
  }
}

/** How long a header is, only reading it tells: some bytes mostly, much more when it quotes the page's first and last value. */
async function readHeader({ handle }: ParquetFile, start: number, end: number): Promise<{ header: PageHeader; size: number }> {
  const { parquetHeader } = await import('hyparquet/src/column.js');
  for (let size = 4096; ; size *= 4) {
    const { buffer } = await readBytes(handle, start, Math.min(start + size, end));
    const reader = { view: new DataView(buffer), offset: 0 };
    try {
      const header = parquetHeader(reader);
      return { header, size: reader.offset };
    } catch (thrown) {
      if (start + size >= end || size > largestHeader) throw thrown;
    }
  }
}

const largestHeader = 16 << 20;

function refuseBad({ path }: ParquetFile, { header, stored }: Page): void {
  const { compressed_page_size: packed, uncompressed_page_size: unpacked, crc } = header;
  if (isBomb(packed, unpacked)) throw new UserError(`${path} says that ${packed} bytes of it become ${unpacked}: no text does`);
  if (crc !== undefined && crc32(stored) !== crc >>> 0) throw new Error('a page has another checksum than the file says');
}
