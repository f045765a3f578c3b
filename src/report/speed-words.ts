import type { ResultRow, Results } from '../results/schema.ts';

/** How speeds were measured, as a condition of every one of them. */
export function speedConditions({ conditions: { bench, machine, state }, rows }: Results): string[] {
  if (!bench || !rows.some(({ generationSpeed }) => generationSpeed)) return [];
  const { prompt, generate, rounds, threads, generationThreads = threads, batch = 2048, ubatch = 512 } = bench;
  const counts =
    threads === generationThreads
      ? `${threads} thread${threads === 1 ? '' : 's'}`
      : `${threads} threads for prompts and ${generationThreads} for generation`;
  const sizes = batch === 2048 && ubatch === 512 ? '' : `, -b ${batch} -ub ${ubatch}`;
  const heat = state?.temperature ? `, at ${range(state.temperature)} °C` : '';
  const governor = state?.governor ? `, governor ${state.governor}` : '';
  return [
    `Speed: tokens per second, pp${prompt} and tg${generate}, median and 95 % interval of ${rounds} interleaved rounds (noisy: spread above 5 %), ${counts}${sizes}, on ${machine.cpu} (${machine.cores} cores, ${machine.os})${governor}${heat}.`,
  ];
}

/** What load times and memory were measured under; empty without any. */
export function loadConditions({ rows }: Results): string[] {
  const loads = rows.flatMap(({ load }) => load ?? []);
  const [first] = loads;
  if (!first) return [];
  const cold = coldInWords(rows);
  return [
    `Load and memory: llama-completion with a context of ${first.context} tokens in ${first.kvType}, ${first.mmap ? 'the file mapped' : 'without mmap'}, filled once; seconds until it answers, median of ${first.warm?.n ?? 0}${cold}. Held is what the system cannot drop.`,
  ];
}

function coldInWords(rows: ResultRow[]): string {
  const reasons = [...new Set(rows.flatMap(({ load }) => load?.coldNotMeasured ?? []))];
  return reasons.length === 0
    ? ''
    : `; cold loads not measured${rows.some(({ load }) => load?.cold) ? ' everywhere' : ''}: ${reasons.join('; ')}`;
}

function range({ lowest, highest }: { lowest: number; highest: number }): string {
  const [from, to] = [lowest.toFixed(0), highest.toFixed(0)];
  return from === to ? from : `${from} to ${to}`;
}
