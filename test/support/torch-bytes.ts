/** Pickled weights by hand, as torch writes them: a byte for each instruction of the pickle, texts with their length before them. */
export const op = (...codes: number[]) => Buffer.from(codes);
export const text = (value: string) => Buffer.concat([op(0x58), Buffer.from(new Uint32Array([value.length]).buffer), Buffer.from(value)]);
export const int = (value: number) => op(0x4b, value);
export const global = (module: string, name: string) => Buffer.from(`c${module}\n${name}\n`);
export const [tuple, reduce, emptyTuple] = [0x74, 0x52, 0x29];

const [begin, end, mark, setItems, outside, no] = [0x80, 0x2e, 0x28, 0x75, 0x51, 0x89];

/** @param storage the class that names its type, such as `HalfStorage` */
export function tensor(storage: string, ...shape: number[]): Buffer {
  const held = [op(mark), text('storage'), global('torch', storage), text('0'), text('cpu'), int(99), op(tuple, outside)];
  const sizes = Buffer.concat([op(mark), ...shape.map(int), op(tuple)]);
  const hooks = [op(no), global('collections', 'OrderedDict'), op(emptyTuple, reduce)];
  const given = [...held, int(0), sizes, sizes, ...hooks];
  return Buffer.concat([global('torch._utils', '_rebuild_tensor_v2'), op(mark), ...given, op(tuple, reduce)]);
}

export function table(entries: Record<string, Buffer>): Buffer {
  const pairs = Object.entries(entries).flatMap(([name, value]) => [text(name), value]);
  return Buffer.concat([op(begin, 2, 0x7d, mark), ...pairs, op(setItems, end)]);
}

/** The beginning of the zip around it: what is in it has no size there. */
export function torchBytes(pickle: Buffer, { name = 'archive/data.pkl', method = 0 } = {}): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50);
  header.writeUInt16LE(method, 8);
  header.writeUInt16LE(name.length, 26);
  header.writeUInt16LE(5, 28);
  return Buffer.concat([header, Buffer.from(name), Buffer.alloc(5), pickle, Buffer.alloc(100)]);
}
