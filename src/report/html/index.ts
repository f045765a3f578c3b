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
import { gatesSection } from './gates.ts';
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

/** Bytes: a page can be mailed, and opens at once on a phone. */
const largest = 490_000;
/** Bytes of style, script and what stands around the sections, about. */
const frame = 24_000;

/** What answers have to share is what everything else leaves. */
function sectionsOf(results: Results): Section[] {
  const charts = chartsOf(results);
  const chart = (name: string) => charts.find((one) => one.name === name);
  const before = present([
    gatesSection(results),
    cardsSection(results),
    worthHavingSection(results),
    theChart(figure(chart('divergence-by-size'))),
    rowTableSection(results),
    ...measuredSections(results, chart),
  ]);
  const after = present([
    tensorsSection(results, chart),
    hoursSection(results),
    provenanceSection(results),
    commandsSection(results),
    findingsSection(results),
    notMeasuredSection(results),
  ]);
  const taken = [...before, ...after].reduce((sum, { body }) => sum + Buffer.byteLength(body.text), frame);
  return present([...before, samplesSection(results, largest - taken), ...after]);
}

function present(sections: (Section | null)[]): Section[] {
  return sections.filter((section) => section !== null);
}

function theChart(body: Markup | null): Section | null {
  return body && { id: 'chart', title: 'Divergence against size', short: 'Chart', body };
}
