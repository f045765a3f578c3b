import { z } from 'zod';
import { later, laterMark } from './later.ts';
import { bench } from './written-bench.ts';
import { choices } from './written-choices.ts';
import { compare } from './written-compare.ts';
import { evaluate } from './written-evaluate.ts';
import { gates } from './written-gates.ts';
import { imatrix } from './written-imatrix.ts';
import { load } from './written-load.ts';
import { model } from './written-model.ts';
import { notify } from './written-notify.ts';
import { publish } from './written-publish.ts';
import { recommend } from './written-recommend.ts';
import { samples } from './written-samples.ts';
import { fileTag, typeName } from './written-words.ts';

const count = z.int().min(1);
const autoOrCount = z.union([z.literal('auto'), count]);
const texts = z.array(z.union([z.string(), z.number()]));

const quantObject = z.strictObject({
  type: z
    .string()
    .min(1)
    .describe('A quant type of llama.cpp, or a set.')
    .meta({ examples: ['Q4_K_M'] }),
  name: fileTag
    .optional()
    .describe('Row name and end of the file name, for a variant of a type.')
    .meta({ examples: ['Q4_K_L'] }),
  tensors: z
    .record(z.string().regex(/^[^=\s]+$/, { error: 'a tensor pattern contains neither `=` nor spaces' }), typeName)
    .optional()
    .describe('Types of single tensors: `output`, `token_embd`, or a regular expression over GGUF names.')
    .meta({ examples: [{ output: 'Q8_0', token_embd: 'Q8_0' }] }),
  pure: z.boolean().optional().describe('One type for every tensor, without llama.cpp choosing better ones for some.'),
  leaveOutput: z.boolean().optional().describe('Leaves the output tensor as it is.'),
  overrideKv: z
    .array(
      z
        .string()
        .regex(/^[^=]+=(int|float|bool|str):/, { error: 'metadata is written `KEY=TYPE:VALUE`, TYPE being int, float, bool or str' }),
    )
    .optional()
    .describe('Metadata to change, as llama-quantize takes it.')
    .meta({ examples: [['tokenizer.ggml.add_bos_token=bool:false']] }),
  imatrix: z.boolean().optional().describe('`false` makes this one without the importance matrix.'),
});

type WrittenQuants = string | z.infer<typeof quantObject> | WrittenQuants[];

const quants: z.ZodType<WrittenQuants> = z
  .union([z.string().min(1), quantObject, z.array(z.lazy(() => quants)).meta({ id: 'QuantList' })])
  .meta({ id: 'Quants', examples: ['Q4_K_M', ['k', 'Q8_0']] });

const tools = z
  .strictObject({
    llamaCpp: z
      .strictObject({
        path: z
          .string()
          .min(1)
          .optional()
          .describe('An existing build: a folder with the programs, or a checkout that was built.')
          .meta({ examples: ['~/llama.cpp/build/bin'] }),
        cmake: z
          .array(z.string().min(1))
          .optional()
          .describe("Flags for qpipe's own build.")
          .meta({ examples: [['-DGGML_CUDA=ON']] }),
        release: later('release', 'another llama.cpp release than the pinned one.'),
      })
      .optional()
      .describe('Which llama.cpp to use, when not the pinned one.'),
    python: z
      .string()
      .min(1)
      .optional()
      .describe("The interpreter for the converter's environment.")
      .meta({ examples: ['python3.11'] }),
    gpuLayers: z
      .int()
      .min(0)
      .optional()
      .describe('Layers on the GPU, handed to imatrix, perplexity and bench.')
      .meta({ examples: [99] }),
    threads: autoOrCount.optional().describe('CPU threads for everything; `auto` takes all cores. Default: auto.'),
    args: z
      .strictObject({
        convert: texts.optional().describe('For convert_hf_to_gguf.py.'),
        imatrix: texts.optional().describe('For llama-imatrix.'),
        quantize: texts.optional().describe('For llama-quantize.'),
        perplexity: texts
          .optional()
          .describe('For llama-perplexity.')
          .meta({ examples: [['--no-repack']] }),
        bench: texts.optional().describe('For llama-bench.'),
        completion: texts.optional().describe('For llama-completion, which answers the samples.'),
      })
      .optional()
      .describe('Further arguments by tool, handed on as they are.'),
  })
  .describe('Only where the defaults do not serve.');

/** What a person may write: shorthands allowed, defaults left out. `normalise.ts` makes a `Pipeline` of it. */
export const WrittenPipeline = z.strictObject({
  name: fileTag
    .optional()
    .describe("The pipeline's name and its folder under `out/`. Default: the file's name.")
    .meta({ examples: ['llama2-7b'] }),
  extends: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .describe('Pipeline files to start from; what this one says goes on top.')
    .meta({ examples: ['./base.yaml'] }),
  model,
  convert: z
    .strictObject({ type: z.enum(['auto', 'f16', 'bf16', 'f32']).optional().describe('Type of the full-precision GGUF. Default: auto.') })
    .optional()
    .describe('How safetensors become a GGUF.'),
  base: z
    .union([z.literal('auto'), typeName])
    .optional()
    .describe('What every number is measured against: the full model (`auto`), or a quant where that cannot run.')
    .meta({ examples: ['auto', 'Q8_0'] }),
  imatrix: imatrix.optional(),
  quants: quants
    .describe('Quant types of llama.cpp, or sets of them: legacy, k, i, publish, pi, all.')
    .meta({ examples: [['Q4_K_M', 'Q8_0'], 'publish'] }),
  compare: compare.optional(),
  evaluate: evaluate.optional(),
  arithmetic: z
    .union([z.boolean(), z.array(fileTag).min(1)])
    .optional()
    .describe(
      'Rows to measure dequantized too: how much of their divergence is the file, and how much the rounding of the kernels. Default: false.',
    )
    .meta({ examples: [true, ['Q4_K_M']] }),
  choices: choices.optional(),
  bench: bench.optional(),
  load: load.optional(),
  keep: z.enum(['all', 'passed', 'none']).optional().describe('Which GGUF files stay when all is measured. Default: all.'),
  requantize: z.boolean().optional().describe('Allows a source that is quantized already; its rounding is in every file then.'),
  tools: tools.optional(),
  samples: samples.optional(),
  recommend: recommend.optional(),
  notify: notify.optional(),
  gates: gates.optional(),
  publish: publish.optional(),
});
export type WrittenPipeline = z.infer<typeof WrittenPipeline>;

/** For editors: `# yaml-language-server: $schema=./schema.json`. Draft 2020-12. */
export function jsonSchema() {
  const { required, $defs, ...schema } = z.toJSONSchema(WrittenPipeline, {
    io: 'input',
    override: ({ jsonSchema: node }) => {
      if (node.maximum === Number.MAX_SAFE_INTEGER) delete node.maximum;
      // An editor blames what comes first when nothing fits: a misspelled key is to be blamed on the key, not on there being a map.
      node.anyOf?.sort((a, b) => Number(isMap(b)) - Number(isMap(a)));
      if (node.description?.startsWith(laterMark)) node.not = {};
    },
  });
  const variable = { type: 'string', pattern: '\\$\\{' };
  return {
    ...(withVariables(schema) as typeof schema),
    // What a file extends may hold the rest.
    anyOf: [{ required }, { required: ['extends'] }],
    $defs: { ...(withVariables($defs) as typeof $defs), Variable: variable },
  };
}

/** Where not every text will do, one with a variable does all the same. */
function withVariables(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withVariables);
  if (typeof node !== 'object' || node === null) return node;
  const { description, examples, ...form } = node as z.core.JSONSchema.BaseSchema;
  const words = { ...(description === undefined ? {} : { description }), ...(examples === undefined ? {} : { examples }) };
  if (isStrictScalar(form)) return { ...words, anyOf: [form, { $ref: '#/$defs/Variable' }] };
  const parts = Object.entries(form).map(([key, part]) => [key, key === 'propertyNames' ? part : withVariables(part)]);
  return { ...words, ...Object.fromEntries(parts) };
}

function isStrictScalar({ type, pattern, enum: values, const: value }: z.core.JSONSchema.BaseSchema): boolean {
  return type === 'integer' || type === 'boolean' || pattern !== undefined || values !== undefined || value !== undefined;
}

function isMap({ type }: z.core.JSONSchema.BaseSchema): boolean {
  return type === 'object';
}
