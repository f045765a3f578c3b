import type { Pipeline } from '../pipeline/pipeline.ts';
import { type ResolvedQuant, resolveQuants } from '../pipeline/quants.ts';
import { baseType } from './base.ts';
import { chunksOf, fewestChunks } from './chunks.ts';
import { conditionsOf } from './conditions.ts';
import type { Facts } from './facts.ts';
import { FileMaker } from './file-maker.ts';
import { hasImatrix } from './imatrix-in-words.ts';
import { askedOf } from './measure/samples.ts';
import { measuringOrder } from './measure/speed.ts';
import { sweep } from './measure/sweep.ts';
import type { KeptFile, Plan, Row } from './planned.ts';
import { type PlanProblem, problemsOf } from './problems.ts';
import { RowMaker } from './rows.ts';
import type { Task } from './task.ts';
import { TaskBook } from './task-book.ts';

export interface PlanOptions {
  /** Rows to plan, by name or type; all of them when it is empty. */
  only?: string[];
  /** Chunks of the first text where the pipeline says `auto`. Default: what `auto` begins with. */
  chunks?: number;
}

export type Planned = { ok: true; plan: Plan } | { ok: false; problems: PlanProblem[] };

/** Pipeline and facts in, graph of tasks out. Reads nothing: the same values give the same plan. */
export function plan(pipeline: Pipeline, facts: Facts, options: PlanOptions = {}): Planned {
  const resolved = resolveQuants(pipeline.quants, facts.tools.types, {
    moe: facts.model.experts,
    needImatrix: facts.tools.needImatrix ?? [],
    hasImatrix: hasImatrix(pipeline, facts),
  });
  const problems = [...resolved.problems, ...problemsOf(pipeline, facts, resolved.quants, options.only ?? [])];
  if (problems.length > 0) return { ok: false, problems };

  const quants = chosen(resolved.quants, options.only ?? []);
  const isPartial = (options.only ?? []).length > 0;
  const book = new TaskBook(pipeline, facts, options.chunks ?? fewestChunks);
  const files = new FileMaker(book);
  const swept = sweep(book, files, quants);
  const make = new RowMaker(book, files, swept);
  const rows = [make.base(), ...quants.map((quant) => make.quant(quant)), ...(isPartial ? [] : make.compared())];
  return {
    ok: true,
    plan: {
      pipeline: pipeline.name,
      model: facts.model.name,
      tasks: inOrder(book.tasks()),
      rows,
      files: keptFiles(files, rows, book),
      leftOut: resolved.leftOut,
      notes: notesOf(pipeline, facts),
      sources: facts.sources,
      sweep: swept,
      conditions: conditionsOf(book),
      shape: facts.model.shape,
      recommend: pipeline.recommend,
      asked: askedOf(book),
      chunks: chunksOf(book),
      keep: pipeline.keep,
      partial: isPartial,
    },
  };
}

/** Types to keep when only some rows are asked for: by row name or by type, in any letter case. */
function chosen(quants: ResolvedQuant[], only: string[]): ResolvedQuant[] {
  const wanted = only.map((name) => name.toLowerCase());
  return wanted.length === 0
    ? quants
    : quants.filter((quant) => wanted.includes(quant.name.toLowerCase()) || wanted.includes(quant.type.toLowerCase()));
}

function keptFiles(files: FileMaker, rows: Row[], book: TaskBook): KeptFile[] {
  const quants = rows.flatMap((row) =>
    row.fileName && row.quantize ? [{ name: row.fileName, source: { task: row.quantize, output: 'quant.gguf' } }] : [],
  );
  const { converted } = files;
  const base = converted ? [{ name: `${files.modelName}-${files.convertedType}.gguf`, source: converted }] : [];
  const check = converted && book.guardOf(converted.task);
  return [...base, ...quants, ...files.companions].map((file) => (check ? { ...file, check } : file));
}

function notesOf(pipeline: Pipeline, facts: Facts): string[] {
  const { adapter } = facts.model;
  const notes: string[] = [...(adapter?.notes ?? [])];
  if (adapter && adapter.memoryBytes > facts.machine.memoryBytes / 2)
    notes.push(
      `Merging takes about ${gigabytes(adapter.memoryBytes)} of memory (estimated); this machine has ${gigabytes(facts.machine.memoryBytes)}.`,
    );
  if (facts.tools.needImatrix === null) notes.push('types not checked: run qpipe setup');
  if (facts.model.quantized)
    notes.push(
      pipeline.quants.length > 0
        ? `The source is quantized already (${facts.model.quantized}): every file here is made from rounded weights.`
        : `Every number is measured against a file that is quantized itself (${facts.model.quantized}), not against the full model.`,
    );
  if (!facts.model.notCausal && usesOwnTexts(pipeline)) notes.push(ownTexts);
  if (pipeline.base !== 'auto') notes.push(`Every number is measured against ${baseType(pipeline, facts)}, not against the full model.`);
  return notes;
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}

const ownTexts =
  "The texts are qpipe's own, about a small generated world. Name texts like those that the model will meet for numbers that tell you something.";

function usesOwnTexts({ evaluate, imatrix }: Pipeline): boolean {
  return evaluate.some(({ text }) => text.name === 'default') || (imatrix?.kind === 'compute' && imatrix.text.name === 'default');
}

/** Producers before consumers, otherwise as made; what comes from the Hub first, what needs the machine alone last. */
function inOrder(tasks: Task[]): Task[] {
  const fetches = tasks.filter((task) => task.op === 'fetch');
  return [...fetches, ...tasks.filter((task) => !task.exclusive && task.op !== 'fetch'), ...measuringOrder(tasks)];
}
