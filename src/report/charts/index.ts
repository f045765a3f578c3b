import type { Results } from '../../results/schema.ts';
import { arithmeticChart } from './arithmetic.ts';
import type { Chart } from './chart.ts';
import { choicesCharts } from './choices.ts';
import { depthsChart } from './depths.ts';
import { divergenceBySize } from './divergence-by-size.ts';
import { domainsChart } from './domains.ts';
import { generationLimitChart } from './generation-limit.ts';
import { loadTimeChart } from './load-time.ts';
import { memoryChart } from './memory.ts';
import { quantilesChart } from './quantiles.ts';
import { speedChart } from './speed.ts';
import { sustainedChart } from './sustained.ts';
import { tensorTypesChart } from './tensor-types.ts';
import { threadsChart } from './threads.ts';

/** Names that charts have, whether or not these results have numbers for them. */
export const chartNames = [
  'divergence-by-size',
  'quantiles',
  'speed',
  'speed-by-depth',
  'sustained',
  'threads',
  'generation-limit',
  'memory',
  'load-time',
  'domains',
  'weights-or-arithmetic',
  'tensor-types',
  'choices-hellaswag',
  'choices-winogrande',
  'choices-multiple-choice',
];

/** All charts that these results have numbers for. */
export function chartsOf(results: Results): Chart[] {
  const charts = [
    divergenceBySize,
    quantilesChart,
    speedChart,
    depthsChart,
    sustainedChart,
    threadsChart,
    generationLimitChart,
    memoryChart,
    loadTimeChart,
    domainsChart,
    arithmeticChart,
    tensorTypesChart,
  ].flatMap((chart) => chart(results) ?? []);
  return [...charts, ...choicesCharts(results)];
}
