import { UserError } from '../../../errors.ts';
import { harmless } from '../../../harmless.ts';
import type { Pipeline } from '../../../pipeline/pipeline.ts';
import { compareWithRun, differs, type Repeated } from '../../../published/compare.ts';
import type { PublishedRun } from '../../../published/schema.ts';
import type { PublishedTable } from '../../../published/table.ts';
import { readResults } from '../../../results/read.ts';
import type { Results } from '../../../results/schema.ts';
import type { HubFlags } from '../../hub-flags.ts';
import { lookAt } from '../../looking.ts';
import { tellDiagnostics } from '../../mistakes.ts';
import { outFolder } from '../../prepare.ts';
import { runPipelines } from '../../session.ts';
import { terminalWidth } from '../../terminal-width.ts';
import { isOffline, type ToolFlags, withFlags } from '../../tool-flags.ts';
import type { ReproFormat } from '../../views/repro-table.ts';
import { repeatedInWords } from '../../views/repro-words.ts';
import { showPlan } from '../plan.ts';
import { runOf, runsOf } from './runs.ts';
import { writtenPipeline } from './written-pipeline.ts';

export interface RunTableArguments extends ToolFlags, HubFlags {
  out: string | undefined;
  model: string | undefined;
  rows: string | undefined;
  write: string | undefined;
  trust: string[] | undefined;
  'dry-run': boolean;
  quiet: boolean;
  json: boolean;
  format: ReproFormat;
}

/** Runs a table's own pipeline and compares. Exit code 1 when a task failed or something differs that is not known to. */
export async function runTable(table: PublishedTable, args: RunTableArguments): Promise<number> {
  const named = args.model ?? args.write;
  const runs = named === undefined ? runsOf(table, args.rows) : [runOf(table, args.rows, named)];
  if (args.model === undefined && runs.some(({ pipeline }) => pipeline['model'] === undefined))
    throw new UserError(
      `${table.id} names no model that can be fetched: add --model with a folder or a .gguf file. ${table.reproducible.why}`,
    );
  const pipelines: [PublishedRun, Pipeline, string][] = [];
  for (const run of runs) {
    const { text, loaded } = writtenPipeline(table, run, { model: args.model, trust: args.trust ?? [], write: args.write });
    if (!loaded.ok) return tellDiagnostics(loaded.diagnostics);
    pipelines.push([run, withFlags(loaded.pipeline, args), text]);
  }
  return args['dry-run'] ? await dryRun(pipelines, args) : await runAndCompare(table, pipelines, args);
}

/** A finished run beside a table. */
export function compareTable(
  table: PublishedTable,
  args: Pick<RunTableArguments, 'out' | 'rows' | 'format' | 'json'> & { with: string },
): number {
  const run = runOf(table, args.rows, args.with);
  const repeated = compareWithRun(table, run, readResults(outFolder(args.out), args.with));
  if (repeated.model?.is === 'another')
    throw new UserError(
      `${harmless(args.with)} cannot be held against ${table.id}: ${harmless(repeated.model.why)}. Weights that stand in for the published ones are named with qpipe repro ${table.id} --model; where they are the same, \`name\` in the pipeline's \`model\` says so`,
    );
  return tell(table, [repeated], args);
}

async function dryRun(pipelines: [PublishedRun, Pipeline, string][], args: RunTableArguments): Promise<number> {
  let code = 0;
  for (const [, pipeline, text] of pipelines) {
    if (!args.json) process.stdout.write(`${text}\n`);
    code = Math.max(code, await lookAt(pipeline, args, showPlan({ json: args.json })));
  }
  return code;
}

async function runAndCompare(
  table: PublishedTable,
  pipelines: [PublishedRun, Pipeline, string][],
  args: RunTableArguments,
): Promise<number> {
  const results: Results[] = [];
  const code = await runPipelines(
    pipelines.map(([, pipeline]) => pipeline),
    // Its JSON would be events; here it is the comparison.
    { ...args, quiet: args.quiet || args.json, json: false, offline: isOffline(args, process.env), onResults: (one) => results.push(one) },
  );
  const repeated = results.flatMap((one, i) => (pipelines[i] ? [compareWithRun(table, pipelines[i][0], one, { standIn: true })] : []));
  return repeated.length === 0 ? code : Math.max(code, tell(table, repeated, args));
}

function tell(table: PublishedTable, repeated: Repeated[], { format, json }: { format: ReproFormat; json: boolean }): number {
  const { id, source, model, notes } = table;
  const text = json
    ? `${JSON.stringify({ table: id, source, model, runs: repeated, notes }, null, 2)}\n`
    : repeated.map((one) => repeatedInWords(table, one, format, terminalWidth().width)).join('\n');
  process.stdout.write(text);
  return repeated.some(differs) ? 1 : 0;
}
