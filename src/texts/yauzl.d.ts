declare module 'yauzl' {
  export interface Entry {
    fileNameRaw: Buffer;
    extraFields: { id: number; data: Buffer }[];
    generalPurposeBitFlag: number;
    /** 0 is stored, 8 is deflate. */
    compressionMethod: number;
    crc32: number;
    compressedSize: number;
    uncompressedSize: number;
    isEncrypted(): boolean;
  }

  export interface ZipFile {
    eachEntry(): AsyncIterable<Entry>;
    openReadStreamPromise(entry: Entry): Promise<import('node:stream').Readable>;
    close(): void;
  }

  export class RandomAccessReader {
    read(buffer: Buffer, offset: number, length: number, position: number, done: (error: unknown, bytesRead?: number) => void): void;
    _readStreamForRange(start: number, end: number): import('node:stream').Readable;
  }

  export function fromRandomAccessReaderPromise(
    reader: RandomAccessReader,
    size: number,
    options: { autoClose: boolean; decodeStrings: boolean },
  ): Promise<ZipFile>;
  export function getFileNameLowLevel(flags: number, name: Buffer, extraFields: Entry['extraFields'], strictFileNames: boolean): string;
}
