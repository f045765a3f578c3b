import type { KeptFile, Plan } from '../plan/planned.ts';
import { provenanceKeys } from '../plan/provenance.ts';
import type { QuantizeParams } from '../plan/task.ts';
import type { ResultRow, Results } from '../results/schema.ts';
import type { TaskRecord } from '../store/record.ts';
import type { Manifest, ManifestFile } from './manifest.ts';
import { sourcesOf, stepsOf } from './steps.ts';

/** @param records what each task of the run made, by its id */
export interface Made {
  plan: Plan;
  results: Results;
  records: ReadonlyMap<string, TaskRecord>;
  previous: Manifest['previous'];
}

/** What a finished run consists of. Pure. */
export function manifestOf({ plan, results, records, previous }: Made): Manifest {
  const { id, startedAt, qpipe } = results.run;
  const { base, build, buildId, version, converter } = results.conditions;
  return {
    version: 1,
    pipeline: plan.pipeline,
    model: plan.model,
    ...(plan.partial ? { partial: true as const } : {}),
    run: { id, startedAt, qpipe },
    sources: sourcesOf(plan),
    tools: { build, buildId, version, converter },
    base,
    files: plan.files.flatMap((file) => fileOf(file, { results, records })),
    steps: stepsOf(plan, records),
    gates: worstOf(results.gates),
    previous,
  };
}

function fileOf({ name, companion, source }: KeptFile, { results, records }: Pick<Made, 'results' | 'records'>): ManifestFile[] {
  const record = records.get(source.task);
  const output = record?.outputs.find((stored) => stored.name === source.output);
  if (!record || !output) return [];
  const row = results.rows.find(({ file }) => file?.name === name);
  const base = results.rows.find(({ kind }) => kind === 'base')?.file?.bytes;
  return [
    {
      name,
      sha256: output.sha256,
      size: output.size,
      row: row?.name ?? null,
      kind: companion ? 'companion' : row?.kind === 'quant' ? 'quant' : 'base',
      type: row?.type ?? null,
      bpw: (record.result as { bpw: number }).bpw,
      compressionRatio: base && !companion ? base / output.size : null,
      ...(companion ? {} : qualityOf(row)),
      says: saidBy(record),
      step: source.task,
    },
  ];
}

function qualityOf(row: ResultRow | undefined): Pick<ManifestFile, 'pplRatio' | 'kld' | 'notMeasured'> {
  if (row?.quality) return { pplRatio: row.quality.pplRatio, kld: row.quality.kld };
  return { notMeasured: row?.notMeasured.quality ?? 'nobody asked' };
}

/** What the record's file says of itself; nothing for what the converter makes, which has no such keys. */
export function saidBy({ preimage }: Pick<TaskRecord, 'preimage'>): Record<string, string> {
  if (preimage.op !== 'quantize') return {};
  return provenanceKeys(preimage.params as QuantizeParams, preimage.identity, preimage.inputs['imatrix']?.[0]?.sha256 ?? null);
}

/** A proved failure beats what could not be judged. */
function worstOf(gates: Results['gates']): Manifest['gates'] {
  if (!gates || gates.length === 0) return 'none';
  return (['fail', 'unjudged', 'warn'] as const).find((outcome) => gates.some((gate) => gate.outcome === outcome)) ?? 'pass';
}
