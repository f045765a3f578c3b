import type { History, Night, Trend } from '../../history/trend.ts';
import { htmlDocument } from '../html/document.ts';
import { copyButton, type Section, textTable } from '../html/elements.ts';
import { figure } from '../html/figure.ts';
import { markup } from '../markup.ts';
import { trendChart } from './chart.ts';
import { shortTime } from './values.ts';
import { breaksOf, changesInWords, verdictWords } from './words.ts';

/** `history.html`: every metric over the runs of a pipeline, one chart at a time where scripts run, in one file that needs nothing else. */
export function htmlHistory(history: History): string {
  const { pipeline, nights } = history;
  const conditions = `${pipeline}: ${whichRuns(nights)}`;
  return htmlDocument({
    title: `${pipeline}: history`,
    opening: markup`${opening(history)}<p class="conditions">${conditions}</p>`,
    sections: [chartsSection(history, conditions), nightsSection(history, conditions), ...breaksSection(history)],
    conditions,
  });
}

function whichRuns(nights: Night[]): string {
  const [first, last] = [nights[0], nights.at(-1)].map((night) => shortTime(night?.startedAt ?? ''));
  return nights.length === 1
    ? `1 run, of ${first} UTC`
    : `${nights.length} runs from ${first} to ${last} UTC; only comparable ones are joined`;
}

const tones = { incomplete: 'bad', fail: 'bad', unjudged: 'warn', warn: 'warn', pass: 'good', done: 'plain' } as const;

function opening({ nights, trends, earlier }: History) {
  const last = nights.at(-1);
  if (!last) return markup``;
  const unusual = trends.flatMap(({ title, quant, points }) => {
    const point = points.at(-1);
    return point?.night === nights.length - 1 && point.outside !== null ? [`${title} of ${quant} is ${point.outside} the usual`] : [];
  });
  const hasBand = trends.some(({ points }) => points.at(-1)?.night === nights.length - 1 && points.at(-1)?.band !== null);
  const changed = changesInWords(last.changes);
  const isFirst = nights.length + earlier === 1;
  const sentences = [
    `The newest run, ${last.run}, began ${shortTime(last.startedAt)} UTC${isFirst ? ', and is the first' : ''}.`,
    ...(isFirst ? [] : [changed === '' ? 'Nothing had changed since the run before.' : `Changed since the run before: ${changed}.`]),
    unusual.length > 0
      ? `${unusual.join('; ')}.`
      : hasBand
        ? 'No value is outside of what the nights before let expect.'
        : 'There are too few comparable nights before it to say what is usual.',
  ];
  return markup`<div class="verdict"><span class="badge ${tones[last.verdict]}">${verdictWords[last.verdict]}</span></div><p class="lead">${sentences.join(' ')}</p>`;
}

/** Without scripts all of them are there, one under the other. */
function chartsSection(history: History, conditions: string): Section {
  const byMetric = new Map<string, Trend[]>();
  for (const trend of history.trends) byMetric.set(trend.metric, [...(byMetric.get(trend.metric) ?? []), trend]);
  const charts = [...byMetric].map(([metric, trends]) => ({ metric, chart: trendChart(trends, history, conditions) }));
  const body = markup`<p class="chooser" hidden><label for="metric">Metric</label> <select id="metric" data-shows="trend">${charts.map(({ metric, chart }) => markup`<option value="${chart.name}">${metric}: ${chart.title}</option>`)}</select></p>
${charts.map(({ chart }) => markup`<div data-choice="trend" data-name="${chart.name}">${figure(chart)}</div>`)}`;
  return { id: 'trends', title: 'Trends', short: 'Trends', body };
}

/** The newest first. */
function nightsSection({ nights }: History, conditions: string): Section {
  const lines = nights
    .toReversed()
    .map(({ run, startedAt, verdict, changes }) => [shortTime(startedAt), verdictWords[verdict], changesInWords(changes), run]);
  const id = 'nights-table';
  const body = markup`${textTable([['night (UTC)', 'verdict', 'changed', 'run'], ...lines], { id, caption: 'Runs, the newest first', conditions, words: ['changed'] })}${copyButton(id, 'Copy table')}`;
  return { id: 'nights', title: 'Nights', short: 'Nights', body };
}

function breaksSection(history: History): Section[] {
  const breaks = breaksOf(history);
  if (breaks.length === 0) return [];
  const body = markup`<ul class="plain">${breaks.map(({ why, of }) => markup`<li>${why} <span class="pm">${of.join(', ')}</span></li>`)}</ul>`;
  return [{ id: 'breaks', title: 'Where lines end, and why', short: 'Breaks', body }];
}
