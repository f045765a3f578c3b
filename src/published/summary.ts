import { hasSizes } from './check-sizes.ts';
import type { PublishedTable } from './table.ts';

/** A table in a list of them. */
export interface TableSummary {
  id: string;
  title: string;
  model: string | null;
  hub: string[];
  /** Null where nobody wrote it down. */
  gated: boolean | null;
  rows: number;
  /** Names of the columns with figures. */
  figures: string[];
  source: string;
  /** Whether sizes or bits can be checked without weights. */
  sizes: boolean;
  /** Whether qpipe can run it. */
  run: boolean;
  reproducible: 'yes' | 'partly' | 'no';
  why: string;
}

export function summaryOf(table: PublishedTable): TableSummary {
  const { id, title, model, source, columns, rows, runs, reproducible } = table;
  return {
    id,
    title,
    model: model.name ?? null,
    hub: model.hub,
    gated: model.gated ?? null,
    rows: rows.length,
    figures: columns.map(({ name }) => name).filter((name) => rows.some(({ figures }) => figures[name] !== undefined)),
    source: `${source.project}, ${source.where}`,
    sizes: hasSizes(table),
    run: runs.length > 0,
    reproducible: reproducible.answer,
    why: reproducible.why,
  };
}

/** Whether all of the words are somewhere in what a summary says, in any letter case. */
export function isAbout(summary: TableSummary, words: string[]): boolean {
  const { id, title, model, hub, figures, source } = summary;
  const all = [id, title, model ?? '', ...hub, ...figures, source].join(' ').toLowerCase();
  return words.every((word) => all.includes(word.toLowerCase()));
}
