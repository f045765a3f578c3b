import type { Results } from '../../src/results/schema.ts';

/** A table as somebody might have published it after a run, in the form that qpipe reads. @param run its `runs:` entry's pipeline */
export function tableOf(results: Results, pipeline: Record<string, unknown>): string {
  const { conditions, rows, model, basePpl } = results;
  const cells = rows.map(({ kind, type, file, quality }) => [
    type,
    ((file?.bytes ?? 0) / 1e3).toFixed(1),
    quality ? `${(kind === 'base' ? (basePpl?.value ?? 0) : quality.ppl).toFixed(4)} ± 0.1` : '-',
    quality ? `${quality.kld.value.toFixed(6)} ± 0.001` : '-',
    '12.5',
  ]);
  const { evaluation, build, imatrix } = conditions;
  const table = {
    title: 'What a run found',
    model: { name: model },
    source: { project: 'qpipe', where: 'a test' },
    conditions: {
      build,
      backend: build,
      context: evaluation?.context,
      chunks: evaluation?.chunks,
      text: evaluation?.text,
      imatrix: imatrix ?? 'none',
    },
    columns: {
      quant: { is: 'type' },
      size: { is: 'size', unit: 'kB' },
      ppl: { is: 'ppl' },
      kld: { is: 'kld' },
      tg: { is: 'speed', unit: 't/s' },
    },
    table: `${[['quant', 'size', 'ppl', 'kld', 'tg'], ...cells].map((row) => row.join(' | ')).join('\n')}\n`,
    reproducible: { answer: 'yes', why: 'all of it is here' },
    runs: [{ pipeline }],
  };
  return JSON.stringify(table, (_, value) => value ?? undefined, 2);
}
