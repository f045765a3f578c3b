import type { Plan, Row } from '../plan/planned.ts';
import type { ChoicesResult } from '../run/operations/choices.ts';
import type { ConvertResult } from '../run/operations/convert.ts';
import type { DivergenceResult } from '../run/operations/divergence.ts';
import type { LogitsResult } from '../run/operations/logits.ts';
import type { PerplexityResult } from '../run/operations/perplexity.ts';
import type { QuantizeResult } from '../run/operations/quantize.ts';
import type { SamplesResult } from '../run/operations/samples.ts';
import type { RunResult } from '../run/run.ts';
import { arithmeticOf } from './arithmetic.ts';
import { choicesOf } from './choices.ts';
import { comparePaired } from './compare.ts';
import { Finder } from './finder.ts';
import { benchConditions, machineState, notesOnMachine, speedOfAll, speedOfRow } from './measured-speeds.ts';
import { basePplOf, heldOutOf, qualityOf } from './quality.ts';
import { recommendationsFor } from './recommendations.ts';
import { promptsOf, samplesOf } from './samples.ts';
import type { Comparison, ResultRow, Results } from './schema.ts';
import { workOf } from './work.ts';

/** From what the tasks found to what a report needs. Pure. */
export function assemble(plan: Plan, run: RunResult, qpipeVersion: string): Results {
  const find = new Finder(run);
  const rows = plan.rows.map((row) => resultRow(row, plan, find));
  const logits = find.result<LogitsResult>('logits');
  const baseHeldOut = logits && heldOutOf(logits);
  const shape = find.result<ConvertResult>('convert')?.shape ?? plan.shape;
  const results: Results = {
    version: 1,
    pipeline: plan.pipeline,
    model: plan.model,
    ...(plan.partial ? { partial: true as const } : {}),
    run: { id: run.id, startedAt: run.startedAt, seconds: run.seconds, qpipe: qpipeVersion },
    conditions: conditionsOf(plan, find),
    ...(plan.sources.length > 0 ? { sources: plan.sources } : {}),
    notes: [...plan.notes, ...notesOnMachine(plan, find)],
    leftOut: plan.leftOut,
    ...(logits ? { basePpl: basePplOf(logits.ppl, logits.runningPpl) } : {}),
    ...(baseHeldOut ? { baseHeldOut } : {}),
    ...heldOutOnSlices(plan, find),
    ...(shape ? { shape } : {}),
    rows,
    ...companionsOf(plan, find),
    neighbours: neighboursOf(rows),
    ...(plan.asked ? { prompts: promptsOf(plan.asked, answersOfBase(plan, find)) } : {}),
    ...speedOfAll(plan, rows, find),
    work: workOf(run.outcomes),
    failures: find.failures(),
  };
  return { ...results, ...recommendationsFor(plan.recommend, results) };
}

function heldOutOnSlices({ conditions }: Plan, find: Finder): Pick<Results, 'baseHeldOutOn'> {
  const measured = (conditions.slices ?? []).flatMap(({ name }) => {
    const logits = find.result<LogitsResult>(`logits:${name}`);
    const heldOut = logits && heldOutOf(logits);
    return heldOut ? [[name, heldOut] as const] : [];
  });
  return measured.length > 0 ? { baseHeldOutOn: Object.fromEntries(measured) } : {};
}

function resultRow(row: Row, plan: Plan, find: Finder): ResultRow {
  const file = fileOf(row, plan, find);
  const divergence = find.result<DivergenceResult>(row.divergence);
  const dequantized = find.result<DivergenceResult>(row.arithmetic);
  const alone = find.result<PerplexityResult>(row.perplexity);
  const heldOut = alone && heldOutOf(alone);
  const quality = row.qualityNotMeasured ?? (divergence ? null : find.reason(row.divergence));
  const speed = speedOfRow(row, plan, find);
  return {
    name: row.name,
    kind: row.kind,
    type: row.type,
    imatrix: row.imatrix,
    marks: [...row.marks, ...unreachedBy(find.result<QuantizeResult>(row.quantize)), ...speed.marks],
    ...(file ? { file } : {}),
    ...(divergence ? { quality: qualityOf(divergence) } : {}),
    ...slicesOf(row, find),
    ...(dequantized ? { arithmetic: arithmeticOf(dequantized, divergence) } : {}),
    ...choicesOfRow(row, plan, find),
    ...(alone ? { perplexity: basePplOf(alone.ppl, alone.runningPpl) } : {}),
    ...(heldOut ? { heldOut } : {}),
    ...samplesOfRow(row, plan, find),
    ...speed.numbers,
    notMeasured: {
      ...(file ? {} : { file: find.reason(row.file.map(({ source }) => ('task' in source ? source.task : null))[0] ?? null) }),
      ...(quality === null ? {} : { quality }),
      ...missingSlices(row, find),
      ...(row.arithmetic === null || dequantized ? {} : { arithmetic: find.reason(row.arithmetic) }),
      ...missingChoices(row, find),
      ...missingSamples(row, find),
      ...speed.missing,
    },
  };
}

function slicesOf({ slices }: Row, find: Finder): Pick<ResultRow, 'slices'> {
  const measured = slices.flatMap(({ name, task }) => {
    const divergence = find.result<DivergenceResult>(task);
    return divergence ? [[name, qualityOf(divergence)] as const] : [];
  });
  return measured.length > 0 ? { slices: Object.fromEntries(measured) } : {};
}

function missingSlices({ slices }: Row, find: Finder): ResultRow['notMeasured'] {
  const missing = slices.filter(({ task }) => !find.record(task)).map(({ name, task }) => `${name}: ${find.reason(task)}`);
  return missing.length > 0 ? { slices: missing.join('; ') } : {};
}

function samplesOfRow(row: Row, plan: Plan, find: Finder): Pick<ResultRow, 'samples'> {
  const own = find.result<SamplesResult>(row.samples);
  if (!own || !plan.asked) return {};
  const base = row.kind === 'base' || row.isOther ? null : answersOfBase(plan, find);
  return { samples: samplesOf(own, base, plan.asked) };
}

function missingSamples({ samples, samplesNotMeasured }: Row, find: Finder): ResultRow['notMeasured'] {
  const reason = samplesNotMeasured ?? (samples === null || find.record(samples) ? null : find.reason(samples));
  return reason === null ? {} : { samples: reason };
}

function answersOfBase(plan: Plan, find: Finder): SamplesResult | null {
  return find.result<SamplesResult>(plan.rows.find(({ kind }) => kind === 'base')?.samples ?? null);
}

/** Another model is asked the same, but answers otherwise for reasons of its own. */
function choicesOfRow(row: Row, plan: Plan, find: Finder): Pick<ResultRow, 'choices'> {
  const base = plan.rows.find(({ kind }) => kind === 'base');
  const isOfBase = row.kind !== 'base' && !row.isOther;
  const answered = row.choices.flatMap((asked) => {
    const result = find.result<ChoicesResult>(asked.measure);
    const ofBase = isOfBase ? base?.choices.find(({ task }) => task === asked.task) : undefined;
    return result ? [choicesOf(asked, result, find.result<ChoicesResult>(ofBase?.measure ?? null))] : [];
  });
  return answered.length > 0 ? { choices: answered } : {};
}

function missingChoices({ choices, choicesNotMeasured }: Row, find: Finder): ResultRow['notMeasured'] {
  if (choicesNotMeasured !== null) return { choices: choicesNotMeasured };
  const missing = choices.filter(({ measure }) => !find.record(measure)).map(({ task, measure }) => `${task}: ${find.reason(measure)}`);
  return missing.length > 0 ? { choices: missing.join('; ') } : {};
}

function unreachedBy(made: QuantizeResult | null): string[] {
  const experts = (made?.unreached ?? []).reduce((total, tensor) => total + tensor.experts, 0);
  return experts > 0 ? [`${experts} experts were never reached by the calibration and are quantized without its help`] : [];
}

function fileOf(row: Row, plan: Plan, find: Finder): ResultRow['file'] {
  if (row.given) return row.given;
  const [source] = row.file.map((input) => input.source);
  if (!source || !('task' in source)) return undefined;
  const record = find.record(source.task);
  const output = record?.outputs.find((stored) => stored.name === source.output);
  if (!record || !output) return undefined;
  const { bpw, tensorTypes, split, fallbacks = [], raised = [] } = record.result as ConvertResult & Partial<QuantizeResult>;
  const name = plan.files.find((kept) => kept.source.task === source.task)?.name ?? `${plan.model}-${row.type}.gguf`;
  return {
    name,
    bytes: output.size,
    bpw,
    sha256: output.sha256,
    ...(tensorTypes ? { tensorTypes } : {}),
    ...(split ? { split } : {}),
    fallbacks,
    raised,
  };
}

function companionsOf(plan: Plan, find: Finder): Pick<Results, 'companions'> {
  const companions = plan.files.flatMap(({ name, companion, source }) => {
    const record = find.record(source.task);
    const output = record?.outputs.find((stored) => stored.name === source.output);
    if (!companion || !record || !output) return [];
    return [{ name, bytes: output.size, bpw: (record.result as ConvertResult).bpw, sha256: output.sha256, kind: companion }];
  });
  return companions.length > 0 ? { companions } : {};
}

/** Chunks as they were, where the pipeline leaves their number to the text or to qpipe. */
function conditionsOf(plan: Plan, find: Finder): Results['conditions'] {
  const { evaluation, slices, bench, ...rest } = plan.conditions;
  const asRecorded = <T extends { chunks: number | 'all'; rendering?: string }>(text: T, task: string): T & { rendered?: string } => {
    const recorded = find.result<LogitsResult>(task);
    const [read] = find.record(task)?.preimage.inputs['text'] ?? [];
    return { ...text, ...(recorded ? { chunks: recorded.chunks } : {}), ...(text.rendering && read ? { rendered: read.sha256 } : {}) };
  };
  return {
    ...rest,
    bench: bench && benchConditions(bench, plan, find),
    ...machineState(plan, find),
    evaluation: evaluation && asRecorded(evaluation, 'logits'),
    ...(slices ? { slices: slices.map((slice) => asRecorded(slice, `logits:${slice.name}`)) } : {}),
  };
}

/** Rows in the order of their divergence, each compared with the next over the same blocks. */
function neighboursOf(rows: ResultRow[]): Comparison[] {
  const measured = rows.flatMap(({ name, kind, quality }) => (quality && kind !== 'base' ? [{ name, quality }] : []));
  const ordered = measured.sort((a, b) => a.quality.kld.value - b.quality.kld.value);
  return ordered.slice(1).flatMap((worse, i) => {
    const better = ordered[i];
    const compared = better ? comparePaired(better.quality, worse.quality) : null;
    if (!better || !compared) return [];
    const verdict = compared.verdict === 'better' ? 'significant' : 'tied';
    return [{ better: better.name, worse: worse.name, kldDifference: compared.difference, verdict }];
  });
}
