import { type FileHandle, open } from 'node:fs/promises';
import type { FileMetaData, SchemaElement, SchemaTree } from 'hyparquet';
import { UserError } from '../errors.ts';
import { startOf, withReason } from './broken.ts';

/** An open parquet file and what its end says of it. */
export interface ParquetFile extends AsyncDisposable {
  path: string;
  handle: FileHandle;
  metadata: FileMetaData;
  schema: SchemaTree;
}

export interface Column {
  name: string;
  /** What it holds: `text`, or words for a message. */
  kind: string;
}

/** Throws UserError for what is no parquet file or encrypted, Failure for one that is cut or damaged. */
export async function readParquet(path: string): Promise<ParquetFile> {
  const handle = await open(path, 'r');
  try {
    await refuseOther(path, handle);
    const { parquetMetadataAsync, parquetSchema } = await import('hyparquet');
    const { size } = await handle.stat();
    const slice = async (start: number, end = size) => (await readBytes(handle, start, end)).buffer;
    // Looking for maps in it never ends when the number of a column's parts is damaged.
    const metadata = await parquetMetadataAsync({ byteLength: size, slice }, { geoparquet: false });
    return { path, handle, metadata, schema: parquetSchema(metadata), [Symbol.asyncDispose]: () => handle.close() };
  } catch (thrown) {
    await handle.close();
    throw withReason(thrown, `${path} is cut or damaged`);
  }
}

/** In a buffer of their own, so that what runs over their end is noticed. @param end exclusive */
export async function readBytes(handle: FileHandle, start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(end - start);
  let done = 0;
  while (done < bytes.length) {
    const { bytesRead } = await handle.read(bytes, done, bytes.length - done, start + done);
    if (bytesRead === 0) throw new Error('it ends too early');
    done += bytesRead;
  }
  return bytes;
}

/** The columns of the table itself; what is inside a list or a struct is none. */
export function columnsOf({ schema }: ParquetFile): Column[] {
  return schema.children.map(({ element }) => ({ name: element.name, kind: kindOf(element) }));
}

async function refuseOther(path: string, handle: FileHandle): Promise<void> {
  const start = await startOf(handle, 4);
  if (start === 'PARE') throw new UserError(`${path} is an encrypted parquet file: name one that is not`);
  if (start !== 'PAR1')
    throw new UserError(`${path} is not a parquet file: \`column\` names a column of one; leave it out for a plain text`);
}

function kindOf({ type, converted_type, logical_type, repetition_type, num_children }: SchemaElement): string {
  const kind = logical_type?.type ?? converted_type;
  if (kind === 'LIST' || repetition_type === 'REPEATED') return 'lists';
  if (num_children) return 'structs';
  if (type === 'BYTE_ARRAY' && (kind === 'STRING' || kind === 'UTF8')) return 'text';
  return `values of the type ${kind ?? type}`;
}
