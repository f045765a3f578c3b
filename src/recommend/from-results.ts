import type { ModelShape } from '../memory/shape.ts';
import type { Quality, ResultRow, Results } from '../results/schema.ts';
import type { Candidate, Choice, Divergence, Measured, RowSpeed } from './candidate.ts';
import { bytesPerToken } from './generation-fit.ts';

/** What may be chosen from a run: all rows of the model whose size and quality were measured. Null for results that do not say the model's shape. */
export function choiceOf(results: Results): Choice | null {
  const { shape, conditions } = results;
  if (!shape) return null;
  const rows = results.rows.filter(({ perplexity }) => perplexity === undefined);
  const judged = rows.map((row) => ({ row, candidate: candidateOf(row, shape) }));
  return {
    candidates: judged.flatMap(({ candidate }) => (typeof candidate === 'string' ? [] : [candidate])),
    unjudged: judged.flatMap(({ row, candidate }) => (typeof candidate === 'string' ? [{ row: row.name, reason: candidate }] : [])),
    shape,
    machine: {
      processor: conditions.machine.cpu,
      memoryBytes: conditions.machine.memoryBytes,
      onGpu: (conditions.gpuLayers ?? 0) > 0,
      day: results.run.startedAt.slice(0, 10),
    },
    limitedBy: results.generationLimit?.limit ?? 'unclear',
    origin: {
      quality: rows.some(({ quality }) => quality) ? `measured against ${conditions.base}` : 'not measured',
      size: 'of the files as they are',
    },
  };
}

/** Or why there is none. */
function candidateOf(row: ResultRow, shape: ModelShape): Candidate | string {
  const { file, quality, promptSpeed, generationSpeed } = row;
  if (!file) return `it has no file: ${row.notMeasured.file ?? 'not made'}`;
  if (!quality) return `its quality was not measured: ${row.notMeasured.quality ?? 'not run'}`;
  const tensorBytes = (file.bpw * shape.parameters) / 8;
  return {
    name: row.name,
    type: row.type,
    fileBytes: file.bytes,
    tensorBytes,
    split: file.split ?? null,
    readBytes: row.readPerToken
      ? Object.values(row.readPerToken).reduce((total, one) => total + one, 0)
      : bytesPerToken(tensorBytes, shape),
    quality: divergenceOf(quality),
    speed: promptSpeed && generationSpeed ? { prompt: measured(promptSpeed), generation: measured(generationSpeed) } : null,
    load: row.load ?? null,
  };
}

function divergenceOf(quality: Quality): Divergence {
  const { value, low, high } = quality.kld;
  const half = low === undefined || high === undefined ? null : (high - low) / 2;
  return { kld: value, high: high ?? value, half, sameTopP: quality.sameTopP.value, measured: quality };
}

function measured({ value, low = value, high = value, samples }: RowSpeed): Measured {
  return { value, low, high, samples };
}
