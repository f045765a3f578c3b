import { tensorBytes } from '../gguf/types.ts';
import type { LlamaCpp } from '../tools/llama-cpp.ts';
import type { Quantization } from '../tools/quantize.ts';
import { decimalsOf, readFigure } from './figure.ts';
import type { Known } from './schema.ts';
import { ShapeFile } from './shape-file.ts';
import { knownShapes, type ModelShape } from './shapes.ts';
import { type Column, type PublishedTable, type TableRow, tellsImatrix } from './table.ts';
import { bytesOf } from './units.ts';

/** A size or the bits per weight of a row, held against what llama-quantize would make today. */
export interface SizeCheck {
  row: string;
  column: string;
  unit: string | null;
  /** The printed digits. */
  published: string;
  /** The figure it was held against: the printed one, or what is known to be right or of today instead. */
  expected: string;
  /** In the unit; null where nothing could be computed. */
  computed: number | null;
  /** Of which kind the computed file is: `with a matrix`, `pure`; empty for the stock one. */
  made: string[];
  /** The same with a matrix, or without, where that is another size. */
  otherwise: number | null;
  /** computed - expected. */
  difference: number | null;
  /**
   * `match`: within half the last digit and the table's tolerance. `misprint`: not so, but the right figure is known and comes out.
   * `older mix`: the name stood for other tensor types, and today's known size comes out.
   */
  verdict: 'match' | 'misprint' | 'older mix' | 'differs' | 'not checked';
  /** Why it is known to differ, or was not checked. */
  why: string | null;
}

/** Whether there is anything in a table that follows from shapes and types alone. */
export function hasSizes(table: PublishedTable): boolean {
  return table.sizes !== undefined && checkedColumns(table).length > 0;
}

/** Every size and bit of a table that needs no weights. Throws Failure when llama-quantize cannot tell. */
export async function checkSizes(table: PublishedTable, tools: LlamaCpp, signal: AbortSignal): Promise<SizeCheck[]> {
  using files = new ShapeFiles(tools, signal);
  const checks: SizeCheck[] = [];
  for (const row of table.rows)
    for (const column of checkedColumns(table)) if (row.figures[column.name]) checks.push(await check(row, column, table, files, tools));
  return checks;
}

function checkedColumns({ columns, sizes }: PublishedTable): Column[] {
  const able = columns.filter(({ is }) => is === 'blockBits' || ((is === 'size' || is === 'bpw') && (sizes?.shape || sizes?.shapes)));
  return able.filter(({ name }) => sizes?.checked?.includes(name) ?? true);
}

/** One file per shape, made when it is first asked for. */
class ShapeFiles implements Disposable {
  readonly #tools: LlamaCpp;
  readonly #signal: AbortSignal;
  readonly #files = new Map<ModelShape, ShapeFile>();

  constructor(tools: LlamaCpp, signal: AbortSignal) {
    this.#tools = tools;
    this.#signal = signal;
  }

  of(shape: ModelShape): ShapeFile {
    const file = this.#files.get(shape) ?? new ShapeFile(shape, this.#tools, this.#signal);
    this.#files.set(shape, file);
    return file;
  }

  [Symbol.dispose](): void {
    for (const file of this.#files.values()) file[Symbol.dispose]();
  }
}

async function check(row: TableRow, column: Column, table: PublishedTable, files: ShapeFiles, { types }: LlamaCpp): Promise<SizeCheck> {
  const figure = row.figures[column.name] as NonNullable<(typeof row.figures)[string]>;
  const type = column.type ?? row.type;
  const about = { row: row.name, column: column.name, unit: column.unit, published: figure.printed, expected: figure.printed };
  const unchecked = (why: string): SizeCheck => ({
    ...about,
    computed: null,
    made: [],
    otherwise: null,
    difference: null,
    verdict: 'not checked',
    why,
  });
  if (type === null) return unchecked('the row names no quant type');
  if (column.is === 'blockBits') {
    const bytes = tensorBytes(type, [256]);
    if (bytes === null) return unchecked(`${type} is no type of a tensor`);
    return judged({ ...about, computed: (bytes * 8) / 256, made: [], otherwise: null }, column, table.known);
  }
  if (!types.some(({ name }) => name === type)) return unchecked(`this llama-quantize has no type ${type}`);
  const shape = shapeOf(row, table);
  if (!shape) return unchecked('the shape of its model is not known');
  const file = files.of(shape);
  const { asPublished, otherwise, made } = await bothWays(file, type, row, table);
  const inUnit = ({ bytes }: Quantization) => (column.is === 'bpw' ? (bytes * 8) / file.weights : bytes / bytesOf(column.unit));
  const other = otherwise && otherwise.bytes !== asPublished.bytes ? inUnit(otherwise) : null;
  return judged({ ...about, computed: inUnit(asPublished), made, otherwise: other }, column, table.known);
}

function shapeOf({ name }: TableRow, { sizes }: PublishedTable): ModelShape | undefined {
  const shape = sizes?.shapes?.[name] ?? sizes?.shape;
  return typeof shape === 'string' ? knownShapes[shape] : shape;
}

/** With a matrix and without, as far as the type can do without. */
async function bothWays(file: ShapeFile, type: string, row: TableRow, table: PublishedTable) {
  const { imatrix = 'where needed', leaveOutput = false } = table.sizes ?? {};
  const pure = isAmong(type, table.sizes?.pure);
  const wish = { type, pure, leaveOutput };
  const [without, withMatrix] = await Promise.all([file.dryRun({ ...wish, imatrix: false }), file.dryRun({ ...wish, imatrix: true })]);
  const given = without.needsImatrix || (tellsImatrix(table) ? row.imatrix !== null : imatrix === 'given');
  const made = [
    ...(given && withMatrix.bytes !== without.bytes ? ['with a matrix'] : []),
    ...(pure ? ['pure'] : []),
    ...(leaveOutput ? ['output left as it is'] : []),
  ];
  return { asPublished: given ? withMatrix : without, otherwise: without.needsImatrix ? null : given ? without : withMatrix, made };
}

/** @param types some, or all of them */
export function isAmong(type: string, types: boolean | string[] = false): boolean {
  return typeof types === 'boolean' ? types : types.includes(type);
}

type Computed = Pick<SizeCheck, 'row' | 'column' | 'unit' | 'published' | 'expected' | 'made' | 'otherwise'> & { computed: number };

function judged(check: Computed, { tolerance }: Column, allKnown: Known[]): SizeCheck {
  const known = allKnown.find(({ rows, column }) => column === check.column && rows.includes(check.row));
  const candidates = [
    ['match', check.published],
    ['misprint', known?.corrected],
    ['older mix', known?.today],
  ] as const;
  const [verdict, expected] = candidates.find(([, printed]) => printed && isWithin(check.computed, printed, tolerance)) ?? ['differs'];
  const against = expected ?? check.published;
  return {
    ...check,
    expected: against,
    difference: check.computed - Number(against),
    verdict,
    why: verdict === 'match' ? null : (known?.why ?? null),
  };
}

/** Half the last digit, the tolerance, and the rounding of binary fractions. */
function isWithin(computed: number, printed: string, tolerance: number): boolean {
  const half = readFigure(printed)?.half ?? 0;
  return Math.abs(computed - Number(printed)) <= half + tolerance + 10 ** -(decimalsOf(printed) + 6);
}
