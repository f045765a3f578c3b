import type { Results } from '../../results/schema.ts';
import { speedConditions } from '../conditions-line.ts';
import { speed as digits } from '../format.ts';
import type { Chart } from './chart.ts';
import { lines } from './lines.ts';

/** The thread sweep: more threads are not always faster. */
export function threadsChart(results: Results): Chart | null {
  const { sweep } = results;
  if (!sweep || sweep.threads.length === 0) return null;
  const words = (speed: 'generationSpeed' | 'promptSpeed') => sweep.threads.map((at) => `${at.threads}: ${digits(at[speed])}`).join('; ');
  const points = (speed: 'generationSpeed' | 'promptSpeed') => sweep.threads.map((at) => ({ x: at.threads, y: at[speed] }));
  return {
    name: 'threads',
    title: `Speed by number of threads (${sweep.row})`,
    description: `One measurement each (n=1). Fastest: ${sweep.best.generation} threads for generation, ${sweep.best.prompt} for prompts.`,
    ...lines(
      [
        { name: 'pp', tone: 'second', named: true, tip: `pp by threads: ${words('promptSpeed')}`, points: points('promptSpeed') },
        { name: 'tg', tone: 'first', named: true, tip: `tg by threads: ${words('generationSpeed')}`, points: points('generationSpeed') },
      ],
      { xTitle: 'threads', yTitle: 'tokens per second', xTicks: sweep.threads.map(({ threads }) => threads) },
    ),
    table: [
      ['threads', 'tg t/s (n=1)', 'pp t/s (n=1)'],
      ...sweep.threads.map(({ threads, generationSpeed, promptSpeed }) => [String(threads), digits(generationSpeed), digits(promptSpeed)]),
    ],
    conditions: speedConditions(results),
  };
}
