import { type Metric, type MetricName, metrics } from '../gates/metric.ts';
import type { Gate } from './gate.ts';
import { didYouMean } from './nearest.ts';
import type { Pipeline } from './pipeline.ts';
import type { Problem } from './problem.ts';

/** Gates on what the pipeline does not measure, or not well enough to be judged: they would come to nothing after hours. */
export function gateProblems(pipeline: Pipeline): Problem[] {
  const { own, fineTune } = pipeline.gates;
  const ofFineTune =
    fineTune && pipeline.evaluate.length === 0
      ? [
          {
            at: fineTune.at,
            message: 'the usual gates are on held-out loss and KLD, and `evaluate: none` measures neither',
            fix: 'name a text under `evaluate`, or write `gates: none`',
          },
        ]
      : fineTune
        ? chunksThatDiffer(pipeline, `${pipeline.evaluate[0]?.at}/chunks`)
        : [];
  return [...ofFineTune, ...own.flatMap((gate) => problemsOf(gate, pipeline))];
}

type Check = (gate: Gate, metric: Metric, pipeline: Pipeline) => Problem[];

/** The first thing that is wrong: the rest follows from it. */
function problemsOf(gate: Gate, pipeline: Pipeline): Problem[] {
  for (const check of checks) {
    const problems = check(gate, metrics[gate.metric], pipeline);
    if (problems.length > 0) return problems;
  }
  return [];
}

const isMeasured: Check = ({ metric, at }, { needs, words }, pipeline) => {
  const missing: Record<Metric['needs'], string | null> = {
    file: null,
    evaluate: pipeline.evaluate.length === 0 ? 'name a text under `evaluate`' : null,
    arithmetic: pipeline.arithmetic.length === 0 ? 'add `arithmetic: true`' : null,
    choices: pipeline.choices.some(({ task }) => task.replace('-', '_') === metric) ? null : `name its questions under \`choices\``,
    bench: pipeline.bench === null ? '`bench: none` is in the way: write `bench: default`' : null,
    load: pipeline.load === null ? 'add `load: default`' : null,
  };
  const fix = missing[needs];
  return fix === null
    ? []
    : [{ at: `${at}/metric`, message: `this pipeline does not measure ${words}`, fix: `${fix}, or leave the gate out` }];
};

const textIsThere: Check = ({ text, at }, _metric, { evaluate }) => {
  const names = evaluate.map(({ name }) => name);
  if (text === null || names.includes(text)) return [];
  return [
    {
      at: `${at}/text`,
      message: `no text named \`${text}\` is evaluated`,
      fix: didYouMean(text, names) ?? `there ${names.length === 1 ? 'is' : 'are'} ${names.join(', ')}`,
    },
  ];
};

const depthIsThere: Check = ({ depth, at }, _metric, { bench }) =>
  depth === null || bench?.depths.includes(depth)
    ? []
    : [
        {
          at: `${at}/metric`,
          message: `no speed is measured with ${depth} tokens in the context`,
          fix: `add \`depth: ${depth}\` under \`bench\``,
        },
      ];

const rowsAreMeasured: Check = ({ rows, at }, { needs, words }, pipeline) => {
  const only =
    needs === 'bench'
      ? pipeline.bench?.quants
      : needs === 'load'
        ? pipeline.load?.quants
        : needs === 'arithmetic'
          ? pipeline.arithmetic
          : 'all';
  if (only === undefined || only === 'all' || rows === 'shipped') return [];
  const [missing] = rows.filter((row) => !only.some((one) => one.toLowerCase() === row.toLowerCase()));
  return missing === undefined
    ? []
    : [{ at: `${at}/quant`, message: `${words} is measured of ${only.join(', ')}, not of ${missing}`, fix: `name ${missing} there too` }];
};

/** Of fewer rounds a median has no interval of that confidence, whatever they are. */
const roundsAreEnough: Check = ({ metric, confidence, at }, { error, needs }, pipeline) => {
  const rounds = needs === 'bench' ? pipeline.bench?.rounds : needs === 'load' && error === 'interval' ? pipeline.load?.rounds : undefined;
  const needed = Math.ceil(1 - Math.log2(1 - confidence));
  if (rounds === undefined || rounds >= needed) return [];
  return [
    {
      at: `${at}/metric`,
      message: `${rounds} rounds of ${metricOf(metric)} give no interval of ${100 * confidence} %, and without one nothing can be judged`,
      fix: `write \`rounds: ${needed}\` under \`${needs}\``,
    },
  ];
};

function metricOf(name: MetricName): string {
  return metrics[name].words;
}

const chunksAreFixed: Check = ({ limit, text, at }, { needs }, pipeline) =>
  needs === 'evaluate' && text === null && limit.kind === 'change' && limit.vs.is !== 'table' ? chunksThatDiffer(pipeline, `${at}/vs`) : [];

function chunksThatDiffer({ evaluate }: Pipeline, at: string): Problem[] {
  return evaluate[0]?.chunks === 'auto'
    ? [
        {
          at,
          message: '`chunks: auto` may read more of the text one night than the other, and then they do not compare',
          fix: 'write a number of chunks, such as 128',
        },
      ]
    : [];
}

/** Two days of one machine differ by that much, however sure each of them is. */
const leastDecrease = 0.05;

const changeIsSeen: Check = ({ limit, at }, { error }) =>
  error === 'rounds' && limit.kind === 'change' && limit.relative && limit.most < leastDecrease
    ? [
        {
          at: `${at}/maxDecrease`,
          message: `two days of one machine differ by up to ${100 * leastDecrease} % without any cause`,
          fix: `allow that much: \`maxDecrease: ${100 * leastDecrease}%\``,
        },
      ]
    : [];

const tableHasIt: Check = ({ metric, text, limit, at }) => {
  if (limit.kind !== 'change' || limit.vs.is !== 'table') return [];
  if (text !== null) return [{ at: `${at}/text`, message: 'a published table is of one text', fix: 'leave `text` out' }];
  return publishedMetrics.includes(metric)
    ? []
    : [
        {
          at: `${at}/metric`,
          message: `published tables tell nothing of ${metricOf(metric)} that would hold here`,
          fix: `one of ${publishedMetrics.join(', ')}`,
        },
      ];
};

const publishedMetrics: MetricName[] = ['bytes', 'bpw', 'ppl', 'ppl_ratio', 'kld', 'same_top_p'];

const checks: Check[] = [isMeasured, textIsThere, depthIsThere, rowsAreMeasured, roundsAreEnough, chunksAreFixed, changeIsSeen, tableHasIt];
