import { valueIn } from '../history/value.ts';
import type { Interval, ResultRow, Results } from '../results/schema.ts';
import { csvLine } from './csv-line.ts';
import { choiceTasksOf } from './further-columns.ts';
import { atDepth, depthsOf } from './speed-columns.ts';

type Cell = (row: ResultRow, results: Results) => string | number | undefined;

const six = (value: number | undefined) => value?.toFixed(6);
const percent = (value: number | undefined) => value?.toFixed(3);

/** Column names and their order are a promise: later ones are only appended. Empty means not measured. */
const cells: [string, Cell][] = [
  ['name', (row) => row.name],
  ['type', (row) => row.type ?? undefined],
  ['bytes', (row) => row.file?.bytes],
  ['bpw', (row) => row.file?.bpw.toFixed(4)],
  ['fallback_tensors', (row) => row.file?.fallbacks?.length],
  ['ppl', (row) => six(row.quality?.ppl ?? row.perplexity?.value)],
  ...bounds('ppl_ratio', (row) => row.quality?.pplRatio, six),
  ...bounds('kld', (row) => row.quality?.kld, six),
  ['kld_median', (row) => six(row.quality?.kldMedian)],
  ['kld_p99', (row) => six(row.quality?.kldP99)],
  ['kld_p999', (row) => six(row.quality?.kldP999)],
  ['same_top_p', (row) => percent(row.quality?.sameTopP.value)],
  ['rms_dp', (row) => percent(row.quality?.rmsDp)],
  ...bounds('pp', (row) => row.promptSpeed, percent, 'pp_tps'),
  ...bounds('tg', (row) => row.generationSpeed, percent, 'tg_tps'),
  ['file', (row) => row.file?.name],
  ['sha256', (row) => row.file?.sha256],
  ['imatrix', (row) => row.imatrix ?? undefined],
  ['text', (row, { conditions }) => (isEvaluated(row) ? conditions.evaluation?.text : undefined)],
  ['context', (row, { conditions }) => (isEvaluated(row) ? conditions.evaluation?.context : undefined)],
  ['chunks', (row, { conditions }) => row.quality?.chunks ?? (row.perplexity ? conditions.evaluation?.chunks : undefined)],
  ['build', (_row, { conditions }) => conditions.build],
  ['machine', (_row, { conditions }) => conditions.machine.cpu],
];

/** At the very end, as they came later. */
const laterCells: [string, Cell][] = [
  ['same_top_p_low', (row) => percent(row.quality?.sameTopP.low)],
  ['same_top_p_high', (row) => percent(row.quality?.sameTopP.high)],
  ['pp_n', (row) => row.promptSpeed?.n],
  ['tg_n', (row) => row.generationSpeed?.n],
  ['loss', (row, results) => six(loss(row, results)?.value)],
  ['loss_low', (row, results) => six(loss(row, results)?.low)],
  ['loss_high', (row, results) => six(loss(row, results)?.high)],
];

/** Held-out loss on the first text, nats per token. */
function loss(row: ResultRow, results: Results): Interval | undefined {
  return valueIn({ name: 'loss', text: null, depth: null }, row, results);
}

function isEvaluated({ quality, perplexity }: ResultRow): boolean {
  return quality !== undefined || perplexity !== undefined;
}

function bounds(
  name: string,
  read: (row: ResultRow) => Interval | undefined,
  digits: (value: number | undefined) => string | undefined,
  value = name,
): [string, Cell][] {
  return [
    [value, (row) => digits(read(row)?.value)],
    [`${name}_low`, (row) => digits(read(row)?.low)],
    [`${name}_high`, (row) => digits(read(row)?.high)],
  ];
}

/** After those of every run, as not every run has them: `kld@code`, `hellaswag`. */
function furtherCells({ conditions, rows }: Results): [string, Cell][] {
  const slices = (conditions.slices ?? []).flatMap(({ name }) => [
    ...bounds(`kld@${name}`, (row) => row.slices?.[name]?.kld, six),
    [`same_top_p@${name}`, (row) => percent(row.slices?.[name]?.sameTopP.value)] as [string, Cell],
  ]);
  const arithmetic = rows.some((row) => row.arithmetic) ? bounds('kld_dequantized', (row) => row.arithmetic?.kld, six) : [];
  const questions = choiceTasksOf(rows).flatMap((task): [string, Cell][] => {
    const of = (row: ResultRow) => row.choices?.find((one) => one.task === task);
    const name = task.replace('-', '_');
    return [
      ...bounds(name, (row) => of(row)?.accuracy, percent),
      [`${name}_right_to_wrong`, (row) => of(row)?.flips?.rightToWrong],
      [`${name}_wrong_to_right`, (row) => of(row)?.flips?.wrongToRight],
    ];
  });
  const conditionsOf = (conditions.slices ?? []).flatMap(({ name, text, context }): [string, Cell][] => [
    ...bounds(`same_top_p@${name}`, (row) => row.slices?.[name]?.sameTopP, percent).slice(1),
    [`text@${name}`, (row) => (row.slices?.[name] ? text : undefined)],
    [`context@${name}`, (row) => (row.slices?.[name] ? context : undefined)],
    [`chunks@${name}`, (row) => row.slices?.[name]?.chunks],
  ]);
  return [...slices, ...arithmetic, ...questions, ...speedCells(rows), ...conditionsOf];
}

/** By llama.cpp's words where it has some. */
function speedCells(rows: ResultRow[]): [string, Cell][] {
  const depths = depthsOf(rows).flatMap((depth) => [
    ...bounds(`pp@d${depth}`, (row) => atDepth(row, depth)?.promptSpeed, percent, `pp_tps@d${depth}`),
    ...bounds(`tg@d${depth}`, (row) => atDepth(row, depth)?.generationSpeed, percent, `tg_tps@d${depth}`),
    [`pp_n@d${depth}`, (row) => atDepth(row, depth)?.promptSpeed.n] as [string, Cell],
    [`tg_n@d${depth}`, (row) => atDepth(row, depth)?.generationSpeed.n] as [string, Cell],
  ]);
  const sustained: [string, Cell][] = [
    ['tg_tps_first_minute', (row) => percent(row.sustained?.beginning === 'first minute' ? row.sustained.first : undefined)],
    ['tg_tps_steady', (row) => percent(row.sustained?.steady)],
    ['tg_tps_first_third', (row) => percent(row.sustained?.beginning === 'first third' ? row.sustained.first : undefined)],
    ['tg_first_n', (row) => row.sustained?.n.first],
    ['tg_steady_n', (row) => row.sustained?.n.steady],
  ];
  const load: [string, Cell][] = [
    ['load_warm_s', (row) => percent(row.load?.warm?.value)],
    ['load_cold_s', (row) => percent(row.load?.cold?.value)],
    ['load_context', (row) => row.load?.context],
    ['load_kv_type', (row) => row.load?.kvType],
    ['peak_anonymous_bytes', (row) => row.load?.peak?.anonymous],
    ['peak_file_bytes', (row) => row.load?.peak?.file],
    ['estimated_bytes', (row) => row.load?.estimate?.total],
    ['load_warm_n', (row) => row.load?.warm?.n],
    ['load_cold_n', (row) => row.load?.cold?.n],
  ];
  return [...depths, ...(rows.some((row) => row.sustained) ? sustained : []), ...(rows.some((row) => row.load) ? load : [])];
}

/** One line per row, for a spreadsheet or a script; RFC 4180. Rows carry their conditions. */
export function csvReport(results: Results): string {
  const all = [...cells, ...furtherCells(results), ...laterCells];
  const lines = [all.map(([name]) => name), ...results.rows.map((row) => all.map(([, cell]) => cell(row, results) ?? ''))];
  return lines.map(csvLine).join('');
}
