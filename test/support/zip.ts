import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipMember {
  name: string;
  content: string | Uint8Array;
  /** 8, deflate, when left out; 0 stores. With another number the bytes are only said to be packed so. */
  method?: number;
  /** 1 says encrypted, 0x800 that the name is UTF-8, which is said when left out. */
  flags?: number;
  /** What the archive says of the bytes, when that is not the truth. */
  crc?: number;
  size?: number;
  /** Sizes and place in the extra field that large archives need. */
  zip64?: boolean;
}

/** A zip archive with these members, as wrong as a test needs it. */
export function zipBytes(members: readonly ZipMember[]): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const member of members) {
    const packed = packedBytes(member);
    const file = Buffer.concat([fileHeader(member, packed.length), packed]);
    directory.push(directoryEntry(member, packed.length, offset));
    files.push(file);
    offset += file.length;
  }
  const entries = Buffer.concat(directory);
  const isZip64 = members.some(({ zip64 }) => zip64);
  return Buffer.concat([
    ...files,
    entries,
    ...(isZip64 ? [end64(members.length, entries.length, offset)] : []),
    isZip64 ? end(0xffff, 0xffffffff, 0xffffffff) : end(members.length, entries.length, offset),
  ]);
}

function packedBytes({ content, method = 8 }: ZipMember): Uint8Array {
  return method === 8 ? deflateRawSync(content) : Buffer.from(content as string);
}

function fileHeader(member: ZipMember, packedSize: number): Buffer {
  return Buffer.concat([u32(0x04034b50), commonFields(member, packedSize), u16(0), Buffer.from(member.name)]);
}

function directoryEntry(member: ZipMember, packedSize: number, offset: number): Buffer {
  const extra = member.zip64 ? Buffer.concat([u16(1), u16(24), u64(sizeOf(member)), u64(packedSize), u64(offset)]) : Buffer.alloc(0);
  return Buffer.concat([
    u32(0x02014b50),
    u16(45),
    commonFields(member, packedSize),
    u16(extra.length),
    ...[0, 0, 0].map(u16),
    u32(0),
    u32(member.zip64 ? 0xffffffff : offset),
    Buffer.from(member.name),
    extra,
  ]);
}

/** From the version that is needed to the length of the name. */
function commonFields(member: ZipMember, packedSize: number): Buffer {
  const { content, crc = crc32(content), flags = 0x800, method = 8, name, zip64 } = member;
  const sizes = zip64 ? [0xffffffff, 0xffffffff] : [packedSize, sizeOf(member)];
  return Buffer.concat([...[45, flags, method, 0, 0].map(u16), u32(crc), ...sizes.map(u32), u16(Buffer.byteLength(name))]);
}

function sizeOf({ content, size = Buffer.byteLength(content) }: ZipMember): number {
  return size;
}

function end(count: number, size: number, offset: number): Buffer {
  return Buffer.concat([u32(0x06054b50), u16(0), u16(0), u16(count), u16(count), u32(size), u32(offset), u16(0)]);
}

function end64(count: number, size: number, offset: number): Buffer {
  const record = [u32(0x06064b50), u64(44), u16(45), u16(45), u32(0), u32(0), u64(count), u64(count), u64(size), u64(offset)];
  return Buffer.concat([...record, u32(0x07064b50), u32(0), u64(offset + size), u32(1)]);
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
