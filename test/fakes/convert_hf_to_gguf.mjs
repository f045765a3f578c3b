#!/usr/bin/env node
/** Stands in for convert_hf_to_gguf.py: BF16 or F32 safetensors and a vocab.txt to a GGUF. */
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { begin, err, parse } from './fake.mjs';
import { elements, writeGguf } from './gguf.mjs';

const { value, rest, flags } = parse(
  ['--outfile', '--outtype', '--model-name'],
  ['--verbose', '--mmproj', '--mtp', '--no-nextn'],
  (flag) => {
    err(`error: unrecognized arguments: ${flag}\n`);
    process.exit(2);
  },
);
const companion = ['mmproj', 'mtp'].find((part) => flags[`--${part}`]);
const how = await begin(companion ? `convert:${companion}` : 'convert');
const [source] = rest;
const type = value('--outtype');
const config = JSON.parse(readFileSync(join(source, 'config.json'), 'utf8'));
const vocabulary = readFileSync(join(source, 'vocab.txt'), 'utf8').trim().split('\n');
const template = join(source, 'chat_template.jinja');
const fileType = { f32: 0, f16: 1, bf16: 32 }[type];

const further = config.num_nextn_predict_layers && !flags['--no-nextn'] ? config.num_nextn_predict_layers : 0;
const metadata = [
  ['general.architecture', 'string', companion === 'mmproj' ? 'clip' : config.model_type],
  ['general.type', 'string', companion === 'mmproj' && !how.wrongPart ? 'mmproj' : 'model'],
  ...(further ? [[`${config.model_type}.nextn_predict_layers`, 'u32', further]] : []),
  ['general.name', 'string', value('--model-name') ?? basename(source)],
  ['general.file_type', 'u32', fileType],
  [`${config.model_type}.block_count`, 'u32', config.num_hidden_layers],
  ['tokenizer.ggml.model', 'string', 'llama'],
  ['tokenizer.ggml.tokens', 'string[]', vocabulary],
  ['tokenizer.ggml.bos_token_id', 'u32', 0],
  ['tokenizer.ggml.eos_token_id', 'u32', 1],
  ...(existsSync(template) ? [['tokenizer.chat_template', 'string', readFileSync(template, 'utf8')]] : []),
];
err(`INFO:hf-to-gguf:Loading model: ${basename(source)}\n`);
err('Writing:   0%|          | 0.00/1.00k [00:00<?, ?byte/s]\rWriting: 100%|██████████| 1.00k/1.00k [00:00<00:00, 1Mbyte/s]\n');
if (!how.noFile) writeGguf(value('--outfile'), metadata, tensors(), how);
err(`INFO:hf-to-gguf:Model successfully exported to ${value('--outfile')}\n`);

function tensors() {
  const bytes = readFileSync(join(source, 'model.safetensors'));
  const length = Number(bytes.readBigUInt64LE());
  const entries = Object.entries(JSON.parse(bytes.toString('utf8', 8, 8 + length)));
  return entries
    .filter(([name]) => isWanted(name))
    .map(
      ([
        name,
        {
          shape,
          data_offsets: [from, to],
        },
      ]) => {
        const kept = shape.length === 1 ? 'f32' : type;
        return {
          name,
          type: kept,
          shape: shape.toReversed(),
          data: floats(bytes.subarray(8 + length + from, 8 + length + to), shape, kept),
        };
      },
    );
}

/** Of a companion its own; of the rest all but what sees. */
function isWanted(name) {
  if (name.startsWith('vision_tower.')) return companion === 'mmproj';
  if (name.includes('.nextn.')) return companion === 'mtp' || (companion === undefined && further > 0);
  return companion === undefined;
}

/** From BF16; F16 keeps what it can. */
function floats(bf16, shape, to) {
  const count = elements(shape);
  const out = Buffer.alloc(count * (to === 'f32' ? 4 : 2));
  for (let i = 0; i < count; i++) {
    const half = bf16.readUInt16LE(2 * i);
    if (to === 'f32') out.writeUInt16LE(half, 4 * i + 2);
    else out.writeUInt16LE(to === 'bf16' ? half : toF16(half), 2 * i);
  }
  return out;
}

function toF16(bf16) {
  const sign = bf16 & 0x8000;
  const exponent = ((bf16 >> 7) & 0xff) - 127 + 15;
  if (exponent <= 0) return sign;
  return exponent >= 31 ? sign | 0x7c00 : sign | (exponent << 10) | ((bf16 & 0x7f) << 3);
}
