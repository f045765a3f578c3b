import type { Results } from '../../results/schema.ts';
import { chartsOf } from '../charts/index.ts';
import { conditionsLine } from '../conditions-line.ts';
import { type Markup, markup } from '../markup.ts';
import { cardsSection } from './cards.ts';
import { commandsSection } from './commands.ts';
import { htmlDocument } from './document.ts';
import type { Section } from './elements.ts';
import { figure } from './figure.ts';
import { findingsSection, notMeasuredSection } from './findings.ts';
import { measuredSections } from './measured-sections.ts';
import { hoursSection, provenanceSection } from './provenance.ts';
import { rowTableSection } from './row-table.ts';
import { samplesSection } from './samples.ts';
import { tensorsSection } from './tensors.ts';
import { verdict } from './verdict.ts';
import { worthHavingSection } from './worth-having.ts';

/** `report.html`: all that was found, in one file, the most telling first. */
export function htmlReport(results: Results): string {
  const conditions = conditionsLine(results);
  return htmlDocument({
    title: `${results.model}: quants, measured`,
    opening: markup`${verdict(results)}<p class="conditions">${conditions}</p>`,
    sections: sectionsOf(results),
    conditions,
  });
}

function sectionsOf(results: Results): Section[] {
  const charts = chartsOf(results);
  const chart = (name: string) => charts.find((one) => one.name === name);
  return [
    cardsSection(results),
    worthHavingSection(results),
    theChart(figure(chart('divergence-by-size'))),
    rowTableSection(results),
    ...measuredSections(results, chart),
    samplesSection(results),
    tensorsSection(results, chart),
    hoursSection(results),
    provenanceSection(results),
    commandsSection(results),
    findingsSection(results),
    notMeasuredSection(results),
  ].filter((section) => section !== null);
}

function theChart(body: Markup | null): Section | null {
  return body && { id: 'chart', title: 'Divergence against size', short: 'Chart', body };
}
