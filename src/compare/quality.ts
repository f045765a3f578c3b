import type { Quality, ResultRow } from '../results/schema.ts';
import { type Compared, type Measured, nothing, refusal } from './comparison.ts';
import { differs, type Evaluation, evaluationProblems } from './conditions.ts';
import { compareBlocks } from './measures.ts';

/** How to find what belongs to a text: its conditions, and a row's quality on it. */
interface Text {
  /** Null for the first one. */
  name: string | null;
  evaluation(side: Measured): Evaluation | null | undefined;
  quality(row: ResultRow): Quality | undefined;
}

/** Quality on the first text. */
export function compareQuality(a: Measured, b: Measured): Compared {
  if (!a.row.quality || !b.row.quality) return refusal('quality', [whyNone(a, b, 'quality')]);
  return compareOn({ name: null, evaluation: ({ results }) => results.conditions.evaluation, quality: (row) => row.quality }, a, b);
}

/** Quality on each of the further texts. */
export function compareSlices(a: Measured, b: Measured): Compared {
  const names = [...new Set([a, b].flatMap(({ row }) => Object.keys(row.slices ?? {})))];
  const each = names.map((name) => {
    const [lacking] = [a, b].filter(({ row }) => !row.slices?.[name]);
    if (lacking) return refusal('slices', [`${name}: not measured${whereLacking(a, b, lacking)}`]);
    const evaluation = ({ results }: Measured) => results.conditions.slices?.find((slice) => slice.name === name);
    return compareOn({ name, evaluation, quality: (row) => row.slices?.[name] }, a, b);
  });
  return { measures: each.flatMap((one) => one.measures), refused: each.flatMap((one) => one.refused) };
}

function compareOn({ name, evaluation, quality }: Text, a: Measured, b: Measured): Compared {
  const [first, second] = [quality(a.row), quality(b.row)];
  if (!first || !second) return nothing;
  const part = name === null ? 'quality' : 'slices';
  const problems = [...evaluationProblems(a.results, b.results, [evaluation(a), evaluation(b)]), ...baseProblems(first, second)];
  if (first.blocks.length === 0) problems.push(`${first.chunks} chunks are too few for blocks: there is no error to judge by`);
  const said = [...new Set(problems)];
  if (said.length > 0) return refusal(part, name === null ? said : [`${name}: ${said.join('; ')}`]);
  const bases = [a, b].flatMap(({ results }) => results.rows.filter(({ kind }) => kind === 'base').flatMap((row) => quality(row) ?? []));
  const measures = compareBlocks(first, second, isSameFile(a, b), bases);
  return {
    measures: measures.map((one) => ({ ...one, part, measure: name === null ? one.measure : `${one.measure}, ${name}` })),
    refused: [],
  };
}

function baseProblems(first: Quality, second: Quality): string[] {
  return [
    ...(first.pplBase === second.pplBase ? [] : [differs('Mean PPL(base)', first.pplBase, second.pplBase)]),
    ...(first.chunks === second.chunks ? [] : [differs('chunks', first.chunks, second.chunks)]),
    ...(first.blocks.length === second.blocks.length ? [] : [differs('blocks', first.blocks.length, second.blocks.length)]),
  ];
}

function isSameFile(a: Measured, b: Measured): boolean {
  return a.row.file !== undefined && a.row.file.sha256 === b.row.file?.sha256;
}

/** Why a part is absent, as the run says it of the side that lacks it: in the same words for all rows, so that it is said once. */
export function whyNone(a: Measured, b: Measured, part: 'quality' | 'speed' | 'load' | 'file'): string {
  const lacking = [a, b].filter(({ row }) => !(part === 'speed' ? row.generationSpeed : row[part]));
  const [first] = lacking;
  const reason = first?.row.notMeasured[part];
  const where = first && lacking.length === 1 ? whereLacking(a, b, first) : '';
  return `not measured${where}${reason === undefined ? '' : `: ${reason}`}`;
}

/** Of two rows of one name the run, which is the same for all rows. */
export function whereLacking(a: Measured, b: Measured, lacking: Measured): string {
  return a.row.name === b.row.name ? ` in run ${lacking.results.run.id}` : ` for ${lacking.row.name}`;
}
