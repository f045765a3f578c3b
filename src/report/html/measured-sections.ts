import type { Results } from '../../results/schema.ts';
import type { Chart } from '../charts/chart.ts';
import { speedConditions } from '../conditions-line.ts';
import { duration } from '../format.ts';
import { type Markup, markup } from '../markup.ts';
import { facts, type Section } from './elements.ts';
import { figure } from './figure.ts';

/** Parts of the page that are charts with a few words; those without a chart are left out. @param chart by its name */
export function measuredSections(results: Results, chart: (name: string) => Chart | undefined): Section[] {
  const drawn = (...names: string[]) => names.flatMap((name) => figure(chart(name)) ?? []);
  const choices = [...new Set(results.rows.flatMap((row) => row.choices?.map(({ task }) => task) ?? []))];
  const sections = [
    { id: 'tails', title: 'From the typical token to the worst', short: 'Tails', words: tails, figures: drawn('quantiles') },
    {
      id: 'speed',
      title: 'Speed',
      short: 'Speed',
      words: speedWords(results),
      figures: drawn('speed', 'speed-by-depth', 'sustained', 'generation-limit', 'threads'),
    },
    { id: 'memory-and-load', title: 'Memory and load', short: 'Memory', words: memoryWords, figures: drawn('memory', 'load-time') },
    { id: 'texts', title: 'By text', short: 'Texts', words: textWords, figures: drawn('domains') },
    {
      id: 'choices',
      title: 'Questions with given answers',
      short: 'Choices',
      words: choiceWords,
      figures: drawn(...choices.map((task) => `choices-${task}`)),
    },
    {
      id: 'arithmetic',
      title: 'Weights or arithmetic',
      short: 'Arithmetic',
      words: arithmeticWords,
      figures: drawn('weights-or-arithmetic'),
    },
  ];
  return sections.flatMap(({ words, figures, ...section }) =>
    figures.length > 0 ? [{ ...section, body: markup`${words}${figures}` }] : [],
  );
}

const tails = markup`<p class="note">99 % and 99.9 % are to be believed from about 100 chunks on: of 16 chunks, 99.9 % is the four worst tokens.</p>`;

const memoryWords = markup`<p class="note">Memory that cannot be dropped has to fit on the device. Estimates are drawn apart from what was measured, and say how they were made.</p>`;

const textWords = markup`<p class="note">A type that is good on average may be poor on one kind of text; long documents and scripts other than Latin suffer first.</p>`;

const choiceWords = markup`<p class="note">A flip is a question that is answered otherwise than by the base. p below 0.05 (second colour) means that the flips go one way more often than chance would have it.</p>`;

const arithmeticWords = markup`<p class="note">Kernels round activations too. Where the weights alone do little, another build or backend of llama.cpp may give another divergence for the same file.</p>`;

function speedWords(results: Results): Markup {
  const { generationLimit, conditions, sweep } = results;
  const { limit, bytesPerSecond, secondsPerToken, relativeError } = generationLimit ?? {};
  const fit: [string, string][] = [
    ...(limit ? [['Limit', limit] as [string, string]] : []),
    ...(bytesPerSecond === undefined
      ? []
      : [['Weights are read at', `${(bytesPerSecond / 1e9).toPrecision(3)} GB/s (fitted)`] as [string, string]]),
    ...(secondsPerToken === undefined
      ? []
      : [['Per token, whatever the size', `${(secondsPerToken * 1000).toPrecision(3)} ms (fitted)`] as [string, string]]),
    ...(relativeError === undefined
      ? []
      : [['Error of the fit', `${(relativeError * 100).toFixed(1)} % (root mean square)`] as [string, string]]),
    ...(sweep
      ? [
          ['Fastest', `${sweep.best.generation} threads for generation, ${sweep.best.prompt} for prompts (n=1, on ${sweep.row})`] as [
            string,
            string,
          ],
        ]
      : []),
  ];
  const sessions = results.rows.flatMap(({ generationSpeed }) =>
    generationSpeed ? [Date.parse(generationSpeed.from), Date.parse(generationSpeed.to)] : [],
  );
  const took = sessions.length > 0 ? ` Measured within ${duration((Math.max(...sessions) - Math.min(...sessions)) / 1000)}.` : '';
  return markup`<p>${generationLimit?.sentence ?? 'What limits generation was not fitted: that needs sizes and speeds of several files.'}</p>
<p class="note">Speeds belong to ${conditions.machine.cpu} and to no other machine.${took}</p>${fit.length > 0 && facts(fit)}<p class="conditions">${speedConditions(results)}</p>`;
}
