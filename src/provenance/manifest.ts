import { z } from 'zod';
import { canonicalJson } from '../plan/canonical.ts';
import { interval } from '../results/schema/interval.ts';

const digest = z.string().regex(/^[0-9a-f]{64}$/);

const bytes = z.object({ name: z.string(), sha256: digest, size: z.number().int().min(0).describe('bytes') });

const onHub = z.object({
  type: z.enum(['model', 'dataset']),
  repo: z.string(),
  revision: z.string(),
  commit: z.string(),
  file: z.string(),
  etag: z.string(),
});

/** Tools see files under these names: none may lead out of the folder in which a tool works. */
const inside = z.string().refine((name) => !name.startsWith('/') && !name.split('/').includes('..'), 'this name leads elsewhere');

const given = bytes.extend({ name: inside, hub: onHub.optional().describe('absent for a file that lay on the machine') });

const made = z.object({ name: inside, from: z.object({ task: z.string(), output: z.string() }) });

const step = z
  .object({
    task: z.string(),
    op: z.string(),
    opVersion: z.number().int().describe("of the operation's meaning"),
    key: digest.describe('sha256 of all that decided the outputs'),
    params: z.record(z.string(), z.unknown()),
    inputs: z.record(z.string(), z.array(z.union([given, made]))).describe('by role, under the names that the tool saw'),
    identity: z.record(z.string(), z.string()).describe('build or converter, and platform'),
    outputs: z.array(bytes.extend({ name: inside })),
  })
  .describe('how a file was made');

const file = z.object({
  ...bytes.shape,
  row: z.string().nullable().describe('of the report; null for what belongs to the model beside its quants'),
  kind: z.enum(['base', 'quant', 'companion']),
  type: z.string().nullable(),
  bpw: z.number().min(0).describe('bits per weight'),
  compressionRatio: z.number().positive().nullable().describe("the base's size by this one's; null where there is no base of ours"),
  pplRatio: interval.optional().describe('PPL of this file by that of the base'),
  kld: interval.optional().describe('Mean KLD from the base, nats per token'),
  notMeasured: z.string().optional().describe('why pplRatio and kld are absent'),
  says: z.record(z.string(), z.string()).describe('the qpipe.* keys in the file'),
  step: z.string().describe('the step that made it'),
});

const source = z.object({
  what: z.string().describe('model, adapter, imatrix, calibration, evaluation ...'),
  type: z.enum(['model', 'dataset']).optional(),
  repo: z.string().optional(),
  revision: z.string().optional(),
  commit: z.string().optional(),
  files: z.array(bytes),
});

/** `manifest.json`: what a build consists of and how it was made, chained to the build before it. */
export const manifestSchema = z
  .object({
    version: z.literal(1),
    pipeline: z.string(),
    model: z.string(),
    partial: z.literal(true).optional().describe('only some of the rows were asked for'),
    run: z.object({ id: z.string(), startedAt: z.string().describe('ISO 8601'), qpipe: z.string() }),
    sources: z.array(source),
    tools: z.object({
      build: z.string(),
      buildId: z.string(),
      version: z.string().describe('what the tools print of themselves'),
      converter: z.string().nullable(),
    }),
    base: z.string().describe('type of the file that ratios are against'),
    files: z.array(file),
    steps: z.array(step),
    gates: z.enum(['none', 'pass', 'warn', 'fail', 'unjudged']).describe('the worst of all verdicts; none where the pipeline has no gates'),
    previous: z
      .object({ run: z.string(), sha256: digest.describe('of the bytes of its manifest') })
      .nullable()
      .describe('the last good build before this one; null for the first'),
  })
  .describe('Manifest of a qpipe build');

export type Manifest = z.infer<typeof manifestSchema>;
export type ManifestFile = Manifest['files'][number];
export type ManifestStep = Manifest['steps'][number];

/** The one form in which a manifest is written: sorted keys, no spaces, a newline at the end. The next build's manifest names it by the sha256 of these bytes. */
export function manifestText(manifest: Manifest): string {
  return `${canonicalJson(manifest)}\n`;
}
