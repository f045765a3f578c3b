import type { ManifestStep } from './manifest.ts';
import { stepSchema } from './step-schema.ts';
import { stepProblems } from './verify-manifest.ts';

/** What its reader trusts the sources of a file with. */
export type Trust = 'pickle' | 'code';

/** More than any run has. */
const mostSteps = 1000;

/**
 * Why nothing is made by these steps, in a sentence; null when all of them are steps as qpipe plans them. Keys prove no more than that steps belong
 * together: whoever edits a manifest can compute them too. So its steps may ask for what a pipeline could, with tools that read and write in their own
 * folder, and for nothing else.
 */
export function refusedSteps(steps: ManifestStep[], trust: readonly Trust[]): string | null {
  if (steps.length > mostSteps) return `it has ${steps.length} steps for one file`;
  const twice = steps.find(({ task }, i) => steps.findIndex((step) => step.task === task) !== i);
  if (twice) return `it has two steps called ${twice.task}`;
  for (const step of steps) {
    const problem = unlikeOurs(step) ?? writesIntoSource(step) ?? runsCode(step, trust);
    if (problem) return problem;
  }
  return stepProblems(steps)[0] ?? null;
}

function unlikeOurs(step: ManifestStep): string | null {
  const { success, error } = stepSchema.safeParse(step);
  if (success) return null;
  const [issue] = error.issues;
  const place = issue?.path.map(String).join('.') || 'the whole of it';
  return `${step.task} asks for what no run of this qpipe does: ${place}: ${issue?.message ?? 'it has another form'}`;
}

/** The converter gets its model in a folder; a card is written into that folder, and would go through the link to a card that is there. */
function writesIntoSource({ task, op, params, inputs }: ManifestStep): string | null {
  if (op !== 'convert') return null;
  const folder = `${String(params['modelName'])}/`;
  const names = (inputs['source'] ?? []).map(({ name }) => name);
  const elsewhere = names.find((name) => !name.startsWith(folder));
  if (elsewhere !== undefined) return `${task} reads ${elsewhere}, which is not in the folder of its model`;
  const isCard = (name: string) => name.toLowerCase() === `${folder}readme.md`.toLowerCase();
  return params['card'] !== undefined && names.some(isCard) ? `${task} would write over the model card that it reads` : null;
}

/** As a pipeline has to say it, so has who makes a file again. */
function runsCode({ task, op, inputs }: ManifestStep, trust: readonly Trust[]): string | null {
  if (op !== 'convert' && op !== 'merge') return null;
  const names = Object.values(inputs).flatMap((list) => list.map(({ name }) => name));
  for (const kind of ['code', 'pickle'] as const) {
    const found = trust.includes(kind) ? undefined : names.find((name) => endings[kind].test(name));
    if (found !== undefined) return `${task} reads ${found}, which can run code: see where the manifest is from, and say --trust ${kind}`;
  }
  return null;
}

const endings: Record<Trust, RegExp> = { code: /\.pyc?$/i, pickle: /\.(bin|pt|pth|ckpt|pkl|pickle)$/i };
