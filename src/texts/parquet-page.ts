import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { CompressionCodec, Compressors, Encoding, PageHeader } from 'hyparquet';
import type { Row } from './joined-rows.ts';
import { type Bytes, take, takeUint32 } from './parquet-bytes.ts';
import { readRuns } from './run-lengths.ts';

export interface Page {
  header: PageHeader;
  /** As stored, without the header. */
  stored: Uint8Array;
}

/** What a page means depends on its column. */
export interface PageContext {
  codec: CompressionCodec;
  /** Whether rows may be null. */
  isNullable: boolean;
  /** Of the part of the column that the page is in. */
  dictionary: Uint8Array[];
}

/** The rows of a page of strings. Throws whatever for a damaged one, and never takes more memory than the page says. */
export async function rowsOfPage(page: Page, context: PageContext): Promise<Row[]> {
  const { count, encoding, levels, values } = await partsOf(page, context);
  if (levels === null) return stringsOf(values, encoding, count, context.dictionary);
  const isThere = readRuns(levels, 1, count);
  const strings = await stringsOf(
    values,
    encoding,
    isThere.reduce((sum, level) => sum + level, 0),
    context.dictionary,
  );
  let next = 0;
  return Array.from(isThere, (level) => (level === 1 ? (strings[next++] as Uint8Array) : null));
}

export async function dictionaryOf({ header, stored }: Page, { codec }: PageContext): Promise<Uint8Array[]> {
  const data = await unpacked(stored, header.uncompressed_page_size, codec);
  return plainStrings({ data, offset: 0 }, header.dictionary_page_header?.num_values ?? 0);
}

interface Parts {
  /** Of the rows. */
  count: number;
  encoding: Encoding;
  /** Which rows are null; null when none can be. */
  levels: Bytes | null;
  values: Bytes;
}

/** The first version of pages packs everything together, the second only the values. */
async function partsOf({ header, stored }: Page, { codec, isNullable }: PageContext): Promise<Parts> {
  const { data_page_header: first, data_page_header_v2: second, uncompressed_page_size: size } = header;
  if (first) {
    const values = { data: await unpacked(stored, size, codec), offset: 0 };
    const levels = isNullable ? { data: take(values, takeUint32(values)), offset: 0 } : null;
    return { count: first.num_values, encoding: first.encoding, levels, values };
  }
  if (!second) throw new Error(`a page of the type ${header.type} is not known`);
  const rest = { data: stored, offset: second.repetition_levels_byte_length };
  const levels = { data: take(rest, second.definition_levels_byte_length), offset: 0 };
  const packed = stored.subarray(rest.offset);
  const data = second.is_compressed === false ? packed : await unpacked(packed, size - rest.offset, codec);
  return { count: second.num_values, encoding: second.encoding, levels: isNullable ? levels : null, values: { data, offset: 0 } };
}

async function unpacked(packed: Uint8Array, size: number, codec: CompressionCodec): Promise<Uint8Array> {
  // A page of nulls alone has no values, and some writers pack nothing into nothing.
  if (size === 0) return new Uint8Array();
  const { decompressPage } = await import('hyparquet/src/datapage.js');
  return decompressPage(packed, size, codec, await decompressors());
}

/** Node's own are written in C, the others in JavaScript. */
export async function decompressors(): Promise<Compressors> {
  const { compressors } = await import('hyparquet-compressors');
  return {
    ...compressors,
    GZIP: (packed, size) => gunzipSync(packed, { maxOutputLength: size }),
    BROTLI: (packed, size) => brotliDecompressSync(packed, { maxOutputLength: size }),
  };
}

async function stringsOf(values: Bytes, encoding: Encoding, count: number, dictionary: readonly Uint8Array[]): Promise<Uint8Array[]> {
  switch (encoding) {
    case 'PLAIN':
      return plainStrings(values, count);
    case 'PLAIN_DICTIONARY':
    case 'RLE_DICTIONARY':
      return count === 0 ? [] : stringsByIndex(values, count, dictionary);
    case 'DELTA_LENGTH_BYTE_ARRAY':
      return (await deltas(values, count)).map((length) => take(values, length));
    case 'DELTA_BYTE_ARRAY':
      return stringsByPrefix(await deltas(values, count), await deltas(values, count), values);
    default:
      throw new Error(`strings are written as ${encoding}, which is not known`);
  }
}

function plainStrings(values: Bytes, count: number): Uint8Array[] {
  const strings: Uint8Array[] = [];
  while (strings.length < count) strings.push(take(values, takeUint32(values)));
  return strings;
}

function stringsByIndex(values: Bytes, count: number, dictionary: readonly Uint8Array[]): Uint8Array[] {
  const width = take(values, 1)[0] as number;
  return Array.from(readRuns(values, width, count), (index) => {
    const string = dictionary[index];
    if (!string) throw new Error(`there is no string ${index} in a dictionary of ${dictionary.length}`);
    return string;
  });
}

/** Each string begins like the one before it. */
function stringsByPrefix(prefixes: readonly number[], suffixes: readonly number[], values: Bytes): Uint8Array[] {
  let before = new Uint8Array();
  return prefixes.map((prefix, i) => {
    const start = take({ data: before, offset: 0 }, prefix);
    before = new Uint8Array(Buffer.concat([start, take(values, suffixes[i] ?? 0)]));
    return before;
  });
}

async function deltas(values: Bytes, count: number): Promise<number[]> {
  if (count === 0) return [];
  const { deltaBinaryUnpack } = await import('hyparquet/src/delta.js');
  const { data } = values;
  const reader = { view: new DataView(data.buffer, data.byteOffset, data.length), offset: values.offset };
  const numbers = new Int32Array(count);
  deltaBinaryUnpack(reader, count, numbers);
  values.offset = reader.offset;
  return [...numbers];
}
