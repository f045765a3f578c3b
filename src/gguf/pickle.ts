import type { FileReader } from './reader.ts';

/** A class or function that a pickle names, such as `torch FloatStorage`. It is noted, never looked up. */
export class Named {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** What becomes of the two instructions that could do something. */
export interface Makers {
  /** A call, which is not made. */
  call: (of: unknown, args: unknown[]) => unknown;
  /** A mention of something beside the pickle. */
  mention: (id: unknown) => unknown;
}

/**
 * The value that a pickle describes: numbers, strings, arrays for lists and tuples, maps for dictionaries. Nothing of it is run.
 * Throws RangeError for one that is cut, or with other instructions than torch needs for weights.
 */
export function readPickle(reader: FileReader, makers: Makers): unknown {
  const machine = new Machine(reader, makers);
  for (;;) {
    const code = reader.take(1).readUInt8();
    if (code === stop) return machine.pop();
    const instruction = instructions[code];
    if (!instruction) throw new RangeError(`its instruction 0x${code.toString(16)} has no place among weights`);
    instruction(machine, reader);
  }
}

const mark = Symbol('mark');

class Machine {
  readonly reader: FileReader;
  readonly makers: Makers;
  readonly memo = new Map<number, unknown>();
  stack: unknown[] = [];

  constructor(reader: FileReader, makers: Makers) {
    this.reader = reader;
    this.makers = makers;
  }

  push(value: unknown): void {
    this.stack.push(value);
  }

  pop(): unknown {
    if (this.stack.length === 0) throw new RangeError('it takes more than it has put down');
    return this.stack.pop();
  }

  /** In the order in which they were put down. */
  take(count: number): unknown[] {
    return Array.from({ length: count }, () => this.pop()).reverse();
  }

  sinceMark(): unknown[] {
    const at = this.stack.lastIndexOf(mark);
    if (at < 0) throw new RangeError('it goes back to a mark that it has not set');
    const values = this.stack.slice(at + 1);
    this.stack.length = at;
    return values;
  }

  /** Into the dictionary or list that lies on top; an object that is none keeps nothing. */
  fill(values: unknown[]): void {
    const into = this.stack.at(-1);
    if (Array.isArray(into)) into.push(...values);
    if (into instanceof Map) for (let i = 0; i + 1 < values.length; i += 2) into.set(values[i], values[i + 1]);
  }
}

const stop = 0x2e;

/** By Python's numbers; those that weights need, of protocols 2 to 4. */
const instructions: Record<number, (machine: Machine, reader: FileReader) => void> = {
  [0x80]: (_, reader) => reader.skip(1), // PROTO
  [0x95]: (_, reader) => reader.skip(8), // FRAME
  [0x28]: (machine) => machine.push(mark), // MARK
  [0x30]: (machine) => machine.pop(), // POP
  [0x4e]: (machine) => machine.push(null), // NONE
  [0x88]: (machine) => machine.push(true), // NEWTRUE
  [0x89]: (machine) => machine.push(false), // NEWFALSE
  [0x4b]: (machine, reader) => machine.push(reader.take(1).readUInt8()), // BININT1
  [0x4d]: (machine, reader) => machine.push(reader.take(2).readUInt16LE()), // BININT2
  [0x4a]: (machine, reader) => machine.push(reader.i32()), // BININT
  [0x8a]: (machine, reader) => machine.push(signed(reader.take(reader.take(1).readUInt8()))), // LONG1
  [0x47]: (machine, reader) => machine.push(reader.take(8).readDoubleBE()), // BINFLOAT
  [0x8c]: (machine, reader) => machine.push(text(reader, reader.take(1).readUInt8())), // SHORT_BINUNICODE
  [0x58]: (machine, reader) => machine.push(text(reader, reader.u32())), // BINUNICODE
  [0x63]: (machine, reader) => machine.push(new Named(`${line(reader)} ${line(reader)}`)), // GLOBAL
  [0x93]: (machine) => machine.push(new Named(machine.take(2).join(' '))), // STACK_GLOBAL
  [0x7d]: (machine) => machine.push(new Map()), // EMPTY_DICT
  [0x5d]: (machine) => machine.push([]), // EMPTY_LIST
  [0x29]: (machine) => machine.push([]), // EMPTY_TUPLE
  [0x85]: (machine) => machine.push(machine.take(1)), // TUPLE1
  [0x86]: (machine) => machine.push(machine.take(2)), // TUPLE2
  [0x87]: (machine) => machine.push(machine.take(3)), // TUPLE3
  [0x74]: (machine) => machine.push(machine.sinceMark()), // TUPLE
  [0x61]: (machine) => machine.fill(machine.take(1)), // APPEND
  [0x65]: (machine) => machine.fill(machine.sinceMark()), // APPENDS
  [0x73]: (machine) => machine.fill(machine.take(2)), // SETITEM
  [0x75]: (machine) => machine.fill(machine.sinceMark()), // SETITEMS
  [0x62]: (machine) => machine.pop(), // BUILD: attributes of the object below
  [0x71]: (machine, reader) => machine.memo.set(reader.take(1).readUInt8(), machine.stack.at(-1)), // BINPUT
  [0x72]: (machine, reader) => machine.memo.set(reader.u32(), machine.stack.at(-1)), // LONG_BINPUT
  [0x94]: (machine) => machine.memo.set(machine.memo.size, machine.stack.at(-1)), // MEMOIZE
  [0x68]: (machine, reader) => machine.push(machine.memo.get(reader.take(1).readUInt8())), // BINGET
  [0x6a]: (machine, reader) => machine.push(machine.memo.get(reader.u32())), // LONG_BINGET
  [0x51]: (machine) => machine.push(machine.makers.mention(machine.pop())), // BINPERSID
  [0x52]: called, // REDUCE
  [0x81]: called, // NEWOBJ
};

function called(machine: Machine): void {
  const [of, args] = machine.take(2);
  machine.push(machine.makers.call(of, Array.isArray(args) ? args : []));
}

function signed(bytes: Buffer): number {
  const value = bytes.reduceRight((number, byte) => number * 256 + byte, 0);
  return (bytes.at(-1) ?? 0) < 128 ? value : value - 256 ** bytes.length;
}

function text(reader: FileReader, length: number): string {
  return reader.take(length).toString('utf8');
}

function line(reader: FileReader): string {
  const letter = text(reader, 1);
  return letter === '\n' ? '' : letter + line(reader);
}
