import { z } from 'zod';
import { hubName } from './hub-name.ts';
import { complain } from './later.ts';
import { fileTag, hubFile, path, repo, revision } from './written-words.ts';

const adapterObject = z
  .strictObject({
    path: path
      .optional()
      .describe(
        'A folder with an adapter as PEFT saves it: adapter_config.json, adapter_model.safetensors, the tokenizer where it has one.',
      )
      .meta({ examples: ['./adapters/tonight'] }),
    repo: repo
      .optional()
      .describe('A repo of the Hugging Face Hub with an adapter.')
      .meta({ examples: ['me/nightly-lora'] }),
    revision: revision.optional(),
  })
  .superRefine((adapter, context) => {
    if (adapter.path === undefined && adapter.repo === undefined)
      complain(context, 'the adapter is missing', { fix: 'add `repo:` with a repo of the Hub, or `path:` with a folder' });
    if (adapter.path !== undefined && adapter.repo !== undefined)
      complain(context, 'an adapter is a folder (`path`) or a repo (`repo`), not both', { path: ['repo'], fix: 'leave one of them out' });
    if (adapter.revision !== undefined && adapter.repo === undefined)
      complain(context, '`revision` belongs to a repo', { path: ['revision'], fix: 'add `repo:`, or leave it out' });
  });

const adapter = z
  .union([
    path.superRefine((written, context) => {
      if (hubName(written)?.rest === undefined) return;
      complain(context, `\`${written}\` names one file of a repo`, { fix: 'name the repo alone' });
    }),
    adapterObject,
  ])
  .describe('A PEFT LoRA for this model, merged into it at full precision before it is converted.')
  .meta({ examples: ['me/nightly-lora', './adapters/tonight'] });

const modelObject = z
  .strictObject({
    path: path
      .optional()
      .describe("A folder in the Hugging Face Hub's layout: config.json, tokenizer, safetensors.")
      .meta({ examples: ['./checkpoints/latest'] }),
    gguf: z
      .union([path, hubFile('A GGUF file of the repo, or the quant type in its name.', 'Q8_0')])
      .optional()
      .describe('A GGUF file, here or in a repo; of a split one the first part.')
      .meta({ examples: ['./model-F16.gguf', { repo: 'TheBloke/Llama-2-7B-Chat-GGUF', file: 'Q8_0' }] }),
    name: fileTag
      .optional()
      .describe("The model's name in files and in the GGUF; the repo's, the file's or the pipeline's name when left out.")
      .meta({ examples: ['Llama-2-7b'] }),
    repo: repo
      .optional()
      .describe('A repo of the Hugging Face Hub with weights to convert.')
      .meta({ examples: ['meta-llama/Llama-2-7b-hf'] }),
    revision: revision.optional(),
    trust: z
      .array(z.enum(['pickle', 'code']))
      .optional()
      .describe('Allows what can run code on this machine: pickled weights, or Python files that come with the model.')
      .meta({ examples: [['pickle']] }),
    companions: z
      .array(z.enum(['mmproj', 'mtp']))
      .optional()
      .describe('What is converted beside the text model: the projector of a vision model, the layers that predict further tokens.')
      .meta({ examples: [['mmproj']] }),
    adapter: adapter.optional(),
  })
  .superRefine((model, context) => {
    const [first, second] = (['path', 'repo', 'gguf'] as const).filter((key) => model[key] !== undefined);
    if (first === undefined)
      complain(context, 'the model is missing', {
        fix: 'add `repo:` with a repo of the Hub, `path:` with a folder, or `gguf:` with a file',
      });
    else if (second !== undefined)
      complain(context, 'a model is a folder (`path`), a repo (`repo`) or a file (`gguf`), not two of them', {
        path: [second],
        fix: 'leave one of them out',
      });
    for (const key of ['trust', 'companions'] as const)
      if (model.gguf !== undefined && model[key] !== undefined)
        complain(context, `\`${key}\` has no meaning for a GGUF: it is converted already`, { path: [key], fix: 'leave it out' });
    if (model.gguf !== undefined && model.adapter !== undefined)
      complain(context, '`adapter` is merged into weights that are not converted yet, and `gguf` names a file that is', {
        path: ['adapter'],
        fix: 'name the base model by `repo:` or `path:` instead of `gguf:`',
      });
    if (model.revision !== undefined && model.repo === undefined)
      complain(context, '`revision` belongs to a repo', {
        path: ['revision'],
        fix: typeof model.gguf === 'object' ? 'write it inside `gguf`' : 'add `repo:`, or leave it out',
      });
  });

export const model = z
  .union([
    path.superRefine((written, context) => {
      if (hubName(written)?.rest === undefined) return;
      complain(context, `\`${written}\` names one file of a repo`, { fix: 'write `model: { gguf: { repo: ..., file: ... } }`' });
    }),
    modelObject,
  ])
  .describe('What to quantize: a repo of the Hugging Face Hub, a folder with safetensors, or a GGUF file.')
  .meta({ examples: ['meta-llama/Llama-2-7b-hf', './checkpoints/latest', './model-F16.gguf'] });
