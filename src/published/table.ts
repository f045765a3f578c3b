import type { Figure } from './figure.ts';
import type { Measure, WrittenTable } from './schema.ts';

/** A table that somebody published: figures with their printed digits, and what is known of how they came to be. */
export interface PublishedTable extends Omit<WrittenTable, 'columns' | 'table'> {
  /** Its file's name: what `qpipe repro` calls it. */
  id: string;
  /** The file that holds it: paths in its pipelines begin there. */
  file: string;
  columns: Column[];
  rows: TableRow[];
}

export interface Column {
  name: string;
  is: Measure;
  unit: string | null;
  /** What a size may differ by beside its rounding, in the unit. */
  tolerance: number;
  /** Why no run of today is held against it; null when one may be. */
  notJudged: string | null;
  /** The quant type of the whole column; null where rows have one. */
  type: string | null;
}

export interface TableRow {
  /** All that tells it from others, as printed: `q4_K_M WT 10m`. */
  name: string;
  /** What the cells of the name columns say: `Llama 2 7B`. */
  names: string[];
  /** llama.cpp's name of the type, in capitals; null where the rows are none of types. */
  type: string | null;
  /** The matrix as printed; null for none, and where no column says. */
  imatrix: string | null;
  /** By column; what was not printed is absent. */
  figures: Record<string, Figure>;
}

/** Whether a column says which rows were made with a matrix. */
export function tellsImatrix({ columns }: PublishedTable): boolean {
  return columns.some(({ is }) => is === 'imatrix');
}
