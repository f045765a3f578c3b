import { isAmong } from './check-sizes.ts';
import { type Role, rolesOf } from './roles.ts';
import type { PublishedRun } from './schema.ts';
import type { PublishedTable } from './table.ts';

export interface PipelineWishes {
  /** A folder or a GGUF instead of the model that the table names. */
  model: string | undefined;
  /** What of the model may run code. */
  trust: string[];
}

/** The pipeline that repeats a table, as a person would write it. Speed is left out: it is that of another machine. */
export function pipelineOf(table: PublishedTable, run: PublishedRun, wishes: PipelineWishes): Record<string, unknown> {
  const roles = [...rolesOf(table, run).values()];
  const quants = [...new Map(roles.flatMap((role) => (role.as === 'quant' ? [[role.name, quantOf(role, table, run)]] : []))).values()];
  const compare = roles.flatMap((role) => (role.as === 'file' ? [fileOf(role)] : []));
  const { model, convert, ...rest } = run.pipeline;
  const isGguf = wishes.model?.endsWith('.gguf');
  return {
    name: pipelineName(table, run),
    model: modelOf(model, wishes),
    ...(convert === undefined || isGguf ? {} : { convert }),
    ...rest,
    quants,
    ...(compare.length > 0 ? { compare } : {}),
    bench: 'none',
  };
}

/** Also the folder of its results. */
export function pipelineName({ id }: PublishedTable, { rows }: PublishedRun): string {
  const part = rows === undefined ? '' : `-${rows.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`;
  return `repro-${id}${part}`;
}

function modelOf(model: unknown, { model: local, trust }: PipelineWishes): unknown {
  if (local?.endsWith('.gguf')) return { gguf: local };
  const trusted = trust.length > 0 ? { trust } : {};
  if (local !== undefined) return trust.length > 0 ? { path: local, ...trusted } : local;
  return typeof model === 'string' && trust.length > 0 ? { repo: model, ...trusted } : model;
}

function quantOf({ type, name, imatrix }: Extract<Role, { as: 'quant' }>, { sizes }: PublishedTable, { pipeline }: PublishedRun): unknown {
  const settings = {
    ...(name === type ? {} : { name }),
    ...(imatrix || pipeline['imatrix'] === 'none' ? {} : { imatrix: false }),
    ...(isAmong(type, sizes?.pure) ? { pure: true } : {}),
    ...(sizes?.leaveOutput ? { leaveOutput: true } : {}),
  };
  return Object.keys(settings).length === 0 ? type : { type, ...settings };
}

function fileOf({ from, name }: Extract<Role, { as: 'file' }>): unknown {
  const [repo, file] = from.split(':');
  return { repo, file, name };
}
