import { z } from 'zod';
import type { Op, Task } from '../plan/task.ts';
import { handedOn } from './handed-on.ts';
import { loraSchema } from './lora-schema.ts';

/** The compiler objects when an operation gets a parameter that is not here: its files could not be made again. */
type Shape<O extends Op> = Record<keyof Task<O>['params'], z.ZodType>;

const digest = z.string().regex(/^[0-9a-f]{64}$/, 'this is no digest');

/** One word for a tool, or a line of a file that it reads. */
const word = z.string().regex(/^[^\p{Cc}\p{Cs}]*$/u, 'this holds a control character');

/** Of a folder and of the files in a model; qpipe and the tools write into the folder where they lie. */
const folderName = word.regex(/^[^/\\.-][^/\\]*$/, 'this is no name of a folder').max(200);

const path = word.refine(
  (name) => name.split('/').every((part) => part !== '' && part !== '.' && part !== '..'),
  'this name leads elsewhere',
);

const hub = z.object({
  repo: z.string().regex(/^[A-Za-z0-9_][\w.-]*(\/[A-Za-z0-9_][\w.-]*)?$/, 'this is no repo of the Hub'),
  revision: path,
  commit: z.string().regex(/^[0-9a-f]{40}$/, 'this is no commit'),
  file: path,
});

const gguf = named(/^model(-\d{5}-of-\d{5})?\.gguf$/).min(1);

const onlyBuild = z.strictObject({ build: digest, platform: word });

const inference = { gpuLayers: z.int().min(0).nullable(), args: handedOn('imatrix') };

const quantize = z.object({
  op: z.literal('quantize'),
  params: z.strictObject({
    type: z.string().regex(/^\w+$/, 'this is no type'),
    tensors: z.record(word.regex(/^[^=\s]+$/).refine(isRegularExpression, 'this is no regular expression'), z.string().regex(/^\w+$/)),
    pure: z.boolean(),
    leaveOutput: z.boolean(),
    overrideKv: z.array(word.regex(/^[^=]+=(int|float|bool|str):/, 'metadata is KEY=TYPE:VALUE')),
    requantize: z.boolean(),
    missing: z.enum(['error', 'raise']),
    source: digest,
    adapter: digest.optional(),
    args: handedOn('quantize'),
  } satisfies Shape<'quantize'>),
  inputs: z.strictObject({
    model: gguf,
    imatrix: named(/^imatrix\.(gguf|dat)$/)
      .length(1)
      .optional(),
  }),
  identity: onlyBuild,
  outputs: outputs(/^quant\.gguf$/).length(1),
});

const imatrix = z.object({
  op: z.literal('imatrix'),
  params: z.strictObject({
    ...inference,
    chunks: z.union([z.int().min(1), z.literal('all')]),
    parseSpecial: z.literal(true).optional(),
  } satisfies Shape<'imatrix'>),
  inputs: z.strictObject({ model: gguf, text: named(/^calibration\.txt$/).length(1) }),
  identity: onlyBuild,
  outputs: outputs(/^imatrix\.gguf$/).length(1),
});

const render = z.object({
  op: z.literal('render'),
  params: z.strictObject({}),
  inputs: z.strictObject({ model: gguf, conversations: named(/^conversations\.jsonl$/).length(1) }),
  identity: z.strictObject({}),
  outputs: outputs(/^text\.txt$/).length(1),
});

const convert = z.object({
  op: z.literal('convert'),
  params: z.strictObject({
    type: z.enum(['f16', 'bf16', 'f32']),
    modelName: folderName,
    part: z.enum(['mmproj', 'mtp', 'trunk']).optional(),
    card: z.string().optional(),
    args: handedOn('convert'),
  } satisfies Shape<'convert'>),
  inputs: z.strictObject({ source: named(/^[^/]+\/./).min(1) }),
  identity: z.strictObject({ converter: word, platform: word }),
  outputs: outputs(/^((mmproj|mtp)-)?model\.gguf$/).length(1),
});

/** The merge writes a config there, which would go through the link to the one that is read. */
const adapterFile = /^adapter\/(?!adapter_config\.json$)./i;

const merge = z.object({
  op: z.literal('merge'),
  params: z.strictObject({ rows: z.int().min(1).nullable(), lora: loraSchema } satisfies Shape<'merge'>),
  inputs: z.strictObject({ base: named(/^base\/./).min(1), adapter: named(adapterFile).min(1) }),
  identity: z.strictObject({ merger: word, platform: word }),
  outputs: outputs(/^(model\.safetensors|config\.json)$/).length(2),
});

/** The steps by which qpipe makes files, as it plans them itself: their params, the names that their tools read and write, and who they are made by. */
export const stepSchema = z
  .discriminatedUnion('op', [quantize, imatrix, render, convert, merge])
  .and(z.object({ task: z.string().regex(/^[a-z]+(:[\w().@ -]{1,200})?$/, 'this is no id of a step') }));

function named(pattern: RegExp) {
  const name = path.regex(pattern, 'no tool of qpipe reads a file of this name here');
  return z.array(z.object({ name, hub: hub.optional() })).refine(isEachOnce, 'two of them have one name, or one is the folder of another');
}

function outputs(pattern: RegExp) {
  return z
    .array(z.object({ name: z.string().regex(pattern, 'no tool of qpipe makes a file of this name here') }))
    .refine(isEachOnce, 'two of them have one name');
}

function isEachOnce(files: { name: string }[]): boolean {
  const names = new Set(files.map(({ name }) => name));
  const folders = new Set(
    [...names].flatMap((name) =>
      name
        .split('/')
        .slice(0, -1)
        .map((_, i, parts) => parts.slice(0, i + 1).join('/')),
    ),
  );
  return names.size === files.length && ![...names].some((name) => folders.has(name));
}

function isRegularExpression(written: string): boolean {
  try {
    new RegExp(written);
    return true;
  } catch {
    return false;
  }
}
