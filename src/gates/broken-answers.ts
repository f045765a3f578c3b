import type { GateVerdict, ResultRow, Results, Sample } from '../results/schema.ts';

/** One answer of several that goes round in circles is what low bits do; half of them are a broken file. */
const brokenShare = 0.5;

/**
 * Answers that say nothing, repeat themselves or do not end, where those that they are held against do: of a quant the base's, of the
 * base those of the last good build. A base that was broken from the beginning is a warning.
 */
export function brokenAnswers(row: ResultRow, results: Results, lastGood: Results | null): GateVerdict[] {
  const { samples = [] } = row;
  if (samples.length === 0) return [];
  const base = row.kind === 'base' ? baseOf(lastGood) : baseOf(results);
  const broken = samples.flatMap((answer) => newMarks(answer, base?.samples ?? []));
  const isProved = base?.samples !== undefined && broken.length >= brokenShare * samples.length;
  const of = row.kind === 'base' ? "last good build's base" : 'base';
  const beside = base?.samples === undefined ? '' : `, where the ${of}'s ${broken.length === 1 ? 'is' : 'are'} not`;
  return [
    {
      metric: 'answers',
      quant: row.name,
      level: 'fail',
      outcome: broken.length === 0 ? 'pass' : isProved ? 'fail' : 'warn',
      evidence:
        broken.length === 0
          ? `none of ${samples.length} answers says nothing, repeats itself or does not end`
          : `${broken.length} of ${samples.length} answers ${broken.length === 1 ? 'is' : 'are'} broken${beside}: ${broken.slice(0, most).join('; ')}${broken.length > most ? '; ...' : ''}`,
      value: broken.length,
      limit: Math.ceil(brokenShare * samples.length),
      unit: 'answers',
      builtIn: true,
    },
  ];
}

/** Named at most: the others are in the report's samples. */
const most = 3;

function baseOf(results: Results | null): ResultRow | undefined {
  return results?.rows.find(({ kind }) => kind === 'base');
}

function newMarks({ prompt, marks }: Sample, base: Sample[]): string[] {
  const known = base.find((one) => one.prompt === prompt)?.marks ?? [];
  const own = marks.filter((mark) => !known.includes(mark));
  return own.length > 0 ? [`"${prompt}" ${own.join(', ')}`] : [];
}
