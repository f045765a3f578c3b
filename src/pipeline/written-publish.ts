import { z } from 'zod';
import { hubName } from './hub-name.ts';
import { complain } from './later.ts';
import { fileTag, path } from './written-words.ts';

/** With its owner: nobody's repo is published to by a lone name. */
const ownRepo = z
  .string()
  .regex(/^[A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*$/, { error: 'a repo to publish to is written `owner/name`' })
  .max(193);

const card = z.strictObject({
  quantizedBy: z
    .string()
    .min(1)
    .optional()
    .describe('Who made the files, as the card says it. Default: the owner of the repo.')
    .meta({ examples: ['me'] }),
  tags: z
    .array(z.string().min(1))
    .optional()
    .describe('Further tags of the card.')
    .meta({ examples: [['raspberry-pi']] }),
  summary: z
    .string()
    .min(1)
    .optional()
    .describe('A sentence of yours under the title.')
    .meta({ examples: ['Rebuilt every night.'] }),
});

const ways = ['repo', 'to', 'rsync', 'run'] as const;

/** Keys that have a meaning for some of the ways only. */
const belongs = { visibility: ['repo'], tag: ['repo'], keep: ['to', 'rsync'], timeLimit: ['run'], card: ['repo', 'to', 'rsync'] } as const;

const destination = z
  .strictObject({
    repo: ownRepo
      .optional()
      .describe('A repo of the Hugging Face Hub. It is made, private, when it is not there.')
      .meta({ examples: ['me/Llama-2-7B-GGUF'] }),
    to: path
      .optional()
      .describe('A folder: `builds/<run>/` for each build, and a link `latest` to the newest.')
      .meta({ examples: ['/srv/models/llama2'] }),
    rsync: z
      .string()
      .regex(/^[^-\s][^\s]*$/, { error: 'a place for rsync is written `user@host:/path`, or is a path of this machine' })
      .optional()
      .describe('The same layout on another machine, by rsync and ssh.')
      .meta({ examples: ['me@models.example:/srv/models/llama2'] }),
    run: z
      .array(z.union([z.string().min(1), z.number()]))
      .min(1)
      .optional()
      .describe('A program with its arguments. It finds the list of files as JSON on its standard input.')
      .meta({ examples: [['./upload.sh', 'models']] }),
    timeLimit: z
      .string()
      .regex(/^[1-9]\d{0,3}[sm]$|^[1-9]\d?h$/, { error: 'a time is written 90s, 30m or 6h' })
      .optional()
      .describe('How long the program may take; it is ended then, with all that it has started. Default: 6h.')
      .meta({ examples: ['30m'] }),
    visibility: z
      .enum(['private', 'public'])
      .optional()
      .describe('Who sees the repo. It becomes public when all of it is there and checked. Default: private.'),
    tag: z
      .string()
      .regex(/^(?!.*\.\.)[A-Za-z0-9_][\w.-]*$/, { error: 'a tag of a repo consists of letters, digits, `_`, `.` and `-`' })
      .optional()
      .describe('A tag of the repo for the newest build; it moves along.')
      .meta({ examples: ['nightly'] }),
    files: z
      .array(fileTag)
      .min(1)
      .optional()
      .describe('Only the files of these rows; `base` is the full model. Default: all quants.')
      .meta({ examples: [['Q4_K_M', 'Q2_K']] }),
    splitOver: z
      .string()
      .regex(/^[1-9]\d{0,5}[MG]$/, { error: 'a size is written 400M or 49G, in powers of ten' })
      .optional()
      .describe('Files larger than this are split into parts of at most this size, metadata aside. Default: 49G.')
      .meta({ examples: ['49G'] }),
    texts: z
      .boolean()
      .optional()
      .describe(
        'Publishes the texts and prompts of this machine that the pipeline measures with, so that others can run it. Default: false.',
      ),
    keep: z.int().min(1).optional().describe('How many builds stay in the folder. Default: 3.'),
    card: card.optional().describe('What the model card says beside the results.'),
  })
  .superRefine((written, context) => {
    const [first, second] = ways.filter((key) => written[key] !== undefined);
    if (first === undefined)
      return complain(context, 'where to publish is missing', {
        fix: 'add `repo:` with a repo of the Hub, `to:` with a folder, `rsync:` with a place, or `run:` with a program',
      });
    if (second !== undefined)
      complain(context, `a destination is reached one way, not by \`${first}\` and \`${second}\``, {
        path: [second],
        fix: 'make a list of two destinations',
      });
    for (const [key, of] of Object.entries(belongs))
      if (written[key as keyof typeof belongs] !== undefined && !(of as readonly string[]).includes(first))
        complain(context, `\`${key}\` has no meaning beside \`${first}\``, { path: [key], fix: 'leave it out' });
  });

/** `owner/name`, or a path that begins with `.`, `/` or `~`. */
const short = z.string().superRefine((written, context) => {
  if (isPath(written)) return;
  const name = hubName(written);
  if (!name) complain(context, `\`${written}\` is neither a repo nor a folder`, { fix: 'write `owner/name`, or `./folder`' });
  else if (name.revision !== undefined || name.rest !== undefined)
    complain(context, `\`${written}\` names more than a repo`, { fix: `write \`${name.repo}\`` });
});

const one = z.union([short, destination]);

export const publish = z
  .union([short, destination, z.array(one).min(1)])
  .describe(
    'Where the files go when nothing failed and every gate passed: a repo of the Hub, a folder, rsync, a program of yours, or a list of them.',
  )
  .meta({ examples: ['me/Llama-2-7B-GGUF', { repo: 'me/Llama-2-7B-GGUF', visibility: 'public' }, [{ to: './published' }]] });

export type WrittenPublish = z.infer<typeof publish>;
export type WrittenDestination = z.infer<typeof one>;

/** A short form that is a path and no repo. */
export function isPath(written: string): boolean {
  return /^[./~]/.test(written);
}
