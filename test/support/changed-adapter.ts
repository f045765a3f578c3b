import { readFileSync } from 'node:fs';
import { readPlaced } from '../../src/gguf/safetensors.ts';

/** An adapter's weights as another night of training could have left them: each factor on the output's side becomes what `change` makes of it. */
export function changedAdapter(path: string, change: (weight: number) => number): Buffer {
  const bytes = Buffer.from(readFileSync(path));
  for (const { name, offset, shape } of readPlaced(path)) {
    if (!name.includes('lora_B')) continue;
    const count = shape.reduce((product, size) => product * size, 1);
    for (let at = offset; at < offset + 2 * count; at += 2) bytes.writeUInt16LE(toBf16(change(fromBf16(bytes.readUInt16LE(at)))), at);
  }
  return bytes;
}

const four = new DataView(new ArrayBuffer(4));

function fromBf16(bits: number): number {
  four.setUint32(0, bits * 0x10000);
  return four.getFloat32(0);
}

/** Rounded to the nearest. */
function toBf16(value: number): number {
  four.setFloat32(0, value);
  return ((four.getUint32(0) + 0x8000) >>> 16) & 0xffff;
}
