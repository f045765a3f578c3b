import { pairedDifference, verdictOf } from '../results/compare.ts';
import type { HeldOut } from '../results/schema.ts';
import { type Compared, type Measured, nothing, refusal } from './comparison.ts';
import { differs, textProblems, toolProblems } from './conditions.ts';
import { exponential } from './measures.ts';

/** What it says, as it is easily taken for more. */
const meaning = 'which of the two models predicts this text better, not which file is closer to its original';

/**
 * Perplexity of two models by themselves, block by block: where quality against a common base cannot be compared. Needs one tokenizer,
 * as it is a mean over tokens, and one text.
 */
export function compareHeldOut(a: Measured, b: Measured): Compared {
  const [first, second] = [a, b].map((side) => heldOutOf(side));
  const [on, other] = [a.results.conditions.evaluation, b.results.conditions.evaluation];
  if (!first || !second || !on || !other) return nothing;
  const problems = [...textProblems(on, other), ...tokenizerProblems(first, second), ...toolProblems(a.results, b.results, 'perplexity')];
  if (problems.length > 0) return refusal('held-out PPL', problems);
  const differences = first.blocks.map((block, i) => (second.blocks[i] ?? Number.NaN) - block);
  const logs = [first, second].map(({ blocks }) => blocks.reduce((sum, block) => sum + block, 0) / blocks.length) as [number, number];
  const paired = pairedDifference(logs[1] - logs[0], differences, Math.min(first.effectiveBlocks, second.effectiveBlocks), 2e-5);
  if (!paired) return refusal('held-out PPL', ['there are too few chunks for blocks']);
  const perplexity = (log: number) => ({ value: Math.exp(log), n: differences.length });
  const measure = {
    measure: 'held-out PPL',
    part: 'held-out PPL',
    unit: 'PPL',
    a: perplexity(logs[0]),
    b: perplexity(logs[1]),
    change: { kind: 'ratio', ...exponential(paired.difference) },
    verdict: verdictOf(paired.difference, 'worse'),
    probability: paired.probability,
    because: meaning,
  } as const;
  return { measures: [measure], refused: [] };
}

/**
 * Of another model its own; of a quant that of its base and, block by block, what it adds.
 * @param text name of a further text; null for the first one
 */
export function heldOutOf({ row, results }: Pick<Measured, 'row' | 'results'>, text: string | null = null): HeldOut | undefined {
  const base = text === null ? results.baseHeldOut : results.baseHeldOutOn?.[text];
  const quality = text === null ? row.quality : row.slices?.[text];
  if (row.heldOut || !base || !quality || quality.blocks.length !== base.blocks.length) return row.heldOut;
  return {
    tokenizer: base.tokenizer,
    blocks: base.blocks.map((block, i) => block + (quality.blocks[i]?.lnRatio ?? Number.NaN)),
    effectiveBlocks: Math.min(base.effectiveBlocks, quality.effectiveBlocks?.lnRatio ?? base.effectiveBlocks),
  };
}

function tokenizerProblems(a: HeldOut, b: HeldOut): string[] {
  if (a.tokenizer === null || b.tokenizer === null) return ['the tokenizer was not recorded: run again with --force logits'];
  const short = ({ tokenizer }: HeldOut) => tokenizer?.slice(0, 12);
  return [
    ...(a.tokenizer === b.tokenizer ? [] : [differs('tokenizer', short(a), short(b))]),
    ...(a.blocks.length === b.blocks.length ? [] : [differs('blocks', a.blocks.length, b.blocks.length)]),
  ];
}
