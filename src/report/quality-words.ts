import type { Interval, ResultRow, Results } from '../results/schema.ts';
import { kldDecimals, plusMinus } from './format.ts';
import { choiceNames, choiceTasksOf } from './further-columns.ts';

/** How much of a divergence is the file, and how much its kernels. Empty where that was not measured. */
export function arithmeticInWords({ quality, arithmetic }: ResultRow): string[] {
  if (!quality || !arithmetic) return [];
  const decimals = kldDecimals(quality.kld.value);
  const [whole, file] = [quality.kld.value, arithmetic.kld.value].map((value) => value.toFixed(decimals));
  const { share = null } = arithmetic;
  const sure = share ? ` (${weightsShare(share)})` : '';
  return arithmetic.kld.value >= quality.kld.value || whole === file || (share?.high ?? 0) >= 1
    ? [`its KLD of ${whole} may be all in the weights: dequantized they have ${file}${sure}`]
    : [`of its KLD of ${whole}, ${file}${sure} is the weights and the rest how the kernels round`];
}

/** `86 ± 2 %` */
export function weightsShare({ value, low, high, n }: Interval): string {
  if (low === undefined || high === undefined) return `${(100 * value).toFixed(0)} %, n=${n}`;
  return `${plusMinus({ value: 100 * value, low: 100 * low, high: 100 * high, n }, 0)} %`;
}

/** What became of single answers, which tells more than two shares with their errors. */
export function flipsInWords({ choices = [] }: ResultRow): string[] {
  return choices.flatMap(({ task, flips, questions }) => {
    if (!flips) return [];
    const { rightToWrong, wrongToRight, p } = flips;
    if (rightToWrong + wrongToRight === 0) return [`${choiceNames[task]}: right and wrong where the base is`];
    const verdict = p < 0.05 ? (rightToWrong > wrongToRight ? 'worse than the base' : 'better than the base') : 'no difference proven';
    return [
      `${choiceNames[task]}: ${rightToWrong} of ${questions} answers right to wrong, ${wrongToRight} wrong to right (${verdict}, p = ${p < 0.001 ? '<.001' : p.toFixed(3)})`,
    ];
  });
}

/** The conditions of the further texts and of the questions. */
export function furtherConditions({ conditions, rows }: Results): string[] {
  const texts = (conditions.slices ?? []).map(
    ({ name, text, sha256, chunks, context, rendering }) =>
      `KLD on ${name}: ${text} (sha256 ${sha256.slice(0, 12)}), ${chunks} chunks of ${context} tokens${rendering ? `, ${rendering}` : ''}.`,
  );
  const questions = choiceTasksOf(rows).flatMap((task) => {
    const asked = rows.flatMap(({ choices = [] }) => choices.filter((one) => one.task === task))[0];
    return asked
      ? [
          `${choiceNames[task]}: ${asked.questions} questions of ${asked.data} (sha256 ${asked.sha256.slice(0, 12)}); ± is Wilson's 95 % interval, p McNemar's exact test on single answers.`,
        ]
      : [];
  });
  return [...texts, ...questions];
}
