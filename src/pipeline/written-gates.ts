import { z } from 'zod';
import { type Metric, metricNamed, metrics, metricWords, withoutError } from '../gates/metric.ts';
import { amountOf } from './gate-amount.ts';
import { complain } from './later.ts';
import { didYouMean } from './nearest.ts';

const amount = z.union([z.number().min(0), z.string().min(1)]).optional();
const rowName = z.string().min(1);

const gate = z
  .strictObject({
    metric: z
      .string()
      .min(1)
      .optional()
      .describe(
        'A number of the results by its column in report.csv, such as loss, kld, same_top_p, size, tg, load, rss; kld@code on a further text.',
      )
      .meta({ examples: ['loss', 'kld'] }),
    quant: z
      .union([rowName, z.array(rowName).min(1)])
      .optional()
      .describe('Rows that it is about. Default: every file that the pipeline makes.')
      .meta({ examples: ['Q4_K_M', ['Q4_K_M', 'Q8_0']] }),
    text: z
      .string()
      .min(1)
      .optional()
      .describe('Name of a text under evaluate. Default: the first one.')
      .meta({ examples: ['code'] }),
    max: amount.describe('The most that passes, of what is bad when high.').meta({ examples: [0.05, '600MB'] }),
    min: amount.describe('The least that passes, of what is bad when low.').meta({ examples: [85] }),
    vs: z
      .union([
        z.string().min(1),
        z.strictObject({
          median: z
            .int()
            .min(3)
            .max(30)
            .describe('Of so many good builds, the newest ones: what drifts slowly moves with it, a single odd night does not.')
            .meta({ examples: [5] }),
        }),
        z.strictObject({
          table: z
            .string()
            .min(1)
            .describe('A published table, as qpipe repro names them.')
            .meta({ examples: ['llama3-8b-scoreboard'] }),
        }),
      ])
      .optional()
      .describe(
        'What it stands beside: lastGood, firstGood, the median of so many good builds, the id of a run, the path of a results.json, or a published table.',
      )
      .meta({ examples: ['lastGood', './pinned/results.json', { median: 5 }, { table: 'llama3-8b-scoreboard' }] }),
    maxIncrease: amount
      .describe('Beside another run: by how much it may be higher, as a share or in its unit.')
      .meta({ examples: ['1%', 0.02] }),
    maxDecrease: amount.describe('Beside another run: by how much it may be lower, as a share or in its unit.').meta({ examples: ['5%'] }),
    confidence: z
      .number()
      .optional()
      .describe('Of the interval that has to lie beyond the limit as a whole. Default: 0.95.')
      .meta({ examples: [0.99] }),
    level: z.enum(['fail', 'warn']).optional().describe('What it may come to. Default: fail.'),
    default: z.literal(true).optional().describe('Instead of a metric: the usual gates of a fine-tune.'),
    baseline: z
      .string()
      .min(1)
      .optional()
      .describe('Beside `default`: the run that slow drift is seen against. Default: the first good build.'),
  })
  .superRefine((written, context) => {
    if (written.default === undefined) checkGate(written, context);
    else checkDefault(written, context);
  });

export const gates = z
  .union([z.enum(['default', 'none']), z.array(z.union([z.literal('default'), gate])).min(1)])
  .describe(
    'Conditions on results, that a run passes or fails: `default` for the usual ones of a fine-tune, a list, or `none`. Default: `default` with an adapter.',
  )
  .meta({
    examples: [
      'default',
      [
        { metric: 'loss', vs: 'lastGood', maxIncrease: '1%' },
        { metric: 'size', max: '600MB' },
      ],
    ],
  });

export type WrittenGates = z.infer<typeof gates>;
export type WrittenGate = z.infer<typeof gate>;
type Context = z.core.$RefinementCtx;

function checkDefault({ default: _, baseline: __, ...others }: WrittenGate, context: Context): void {
  const [key] = Object.entries(others).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (key !== undefined)
    complain(context, `\`${key}\` has no meaning beside \`default\``, {
      path: [key],
      fix: 'write it as an item of its own',
      aboutKey: true,
    });
}

function checkGate(written: WrittenGate, context: Context): void {
  if (written.baseline !== undefined)
    complain(context, '`baseline` belongs to `default`', { path: ['baseline'], fix: 'write `vs:` with the run', aboutKey: true });
  if (written.metric === undefined) {
    complain(context, '`metric` is missing', { fix: 'add `metric: loss`, or `default: true`' });
    return;
  }
  const named = metricNamed(written.metric);
  if (named === null) {
    complain(context, unknownMetric(written.metric), { path: ['metric'], fix: fixForMetric(written.metric) });
    return;
  }
  const metric: Metric = metrics[named.name];
  checkText(written, named.text, metric, context);
  checkLimit(written, metric, context);
  checkConfidence(written, metric, context);
}

function unknownMetric(written: string): string {
  return withoutError.includes(written)
    ? `\`${written}\` is measured without an error: nothing tells a change of it from chance`
    : `there is no metric \`${written}\``;
}

function fixForMetric(written: string): string {
  if (/^kld_/.test(written)) return 'take `kld`, which has an interval';
  if (withoutError.includes(written)) return written.startsWith('tg') ? 'take `tg`, which has an interval' : 'take another metric';
  const word = written.split('@')[0] ?? '';
  const near = word === written ? didYouMean(word.replaceAll('-', '_').toLowerCase(), metricWords) : undefined;
  return near ?? `known here: ${metricWords.join(', ')}; on a further text \`kld@code\`, with a filled context \`tg@d4096\``;
}

function checkText({ text }: WrittenGate, place: string | null, { needs }: Metric, context: Context): void {
  if (text === undefined) return;
  if (needs !== 'evaluate')
    complain(context, 'this metric is measured on no text', { path: ['text'], fix: 'leave `text` out', aboutKey: true });
  else if (place !== null) complain(context, 'the text is named twice', { path: ['text'], fix: 'leave it out here, or after the `@`' });
}

/** One limit, of the kind that the metric's direction asks for. */
function checkLimit(written: WrittenGate, { bad, unit, words }: Metric, context: Context): void {
  const [bound, change] = bad === 'high' ? (['max', 'maxIncrease'] as const) : (['min', 'maxDecrease'] as const);
  const [otherBound, otherChange] = bad === 'high' ? (['min', 'maxDecrease'] as const) : (['max', 'maxIncrease'] as const);
  for (const [wrong, right] of [
    [otherBound, bound],
    [otherChange, change],
  ] as const)
    if (written[wrong] !== undefined) {
      complain(context, `${words} is bad when it is ${bad}: \`${wrong}\` would let what is bad pass`, {
        path: [wrong],
        fix: `write \`${right}\``,
        aboutKey: true,
      });
      return;
    }
  if (written[bound] !== undefined && written.vs !== undefined) {
    complain(context, `a gate has a limit (\`${bound}\`) or stands beside another run (\`vs\`), not both`, {
      path: ['vs'],
      fix: 'make two gates of it',
      aboutKey: true,
    });
    return;
  }
  if (written.vs !== undefined && written[change] === undefined)
    complain(context, `how much worse it may be is missing`, {
      fix: `add \`${change}: ${unit === '%' ? 1 : '1%'}\`, or 0 for not at all`,
    });
  if (written.vs === undefined && written[change] !== undefined)
    complain(context, `\`${change}\` does not say against what`, { path: [change], fix: 'add `vs: lastGood`', aboutKey: true });
  if (written.vs === undefined && written[change] === undefined && written[bound] === undefined)
    complain(context, 'the limit is missing', { fix: `add \`${bound}:\`, or \`vs: lastGood\` and \`${change}:\`` });
  for (const key of [bound, change]) {
    const read = written[key] === undefined ? null : amountOf(written[key], unit, key === change);
    if (read && !read.ok) complain(context, read.message, { path: [key], fix: read.fix });
  }
}

function checkConfidence({ confidence = 0.95 }: WrittenGate, { error }: Metric, context: Context): void {
  if (confidence <= 0.5 || confidence >= 1) {
    const share = confidence / 100;
    const fix = share > 0.5 && share < 1 ? `write ${share}` : 'write 0.95, or 0.99';
    complain(context, `a confidence lies between 0.5 and 1, got ${confidence}`, { path: ['confidence'], fix });
    return;
  }
  if (confidence === 0.95 || error === 'blocks' || error === 'rounds') return;
  const why = error === 'exact' || error === 'once' ? 'this metric has no interval' : 'of this metric only the 95 % interval is kept';
  complain(context, why, { path: ['confidence'], fix: 'leave `confidence` out', aboutKey: true });
}
