import type { Chart } from '../charts/chart.ts';
import { inlineSvg } from '../charts/svg.ts';
import { type Markup, markup } from '../markup.ts';
import { copyButton, textTable } from './elements.ts';

/** A chart with the same numbers as a table below it. */
export function figure(chart: Chart | undefined): Markup | null {
  if (!chart) return null;
  const { name, title, table, conditions } = chart;
  return markup`<figure><div class="scroll" tabindex="0" role="group" aria-label="${title}: the arrow keys go through its marks">${inlineSvg(chart)}</div>
<div class="under"><details><summary>${title}, as a table</summary>${textTable(table, { id: `${name}-table`, caption: title, conditions })}</details>${copyButton(`${name}-table`, 'Copy table')}${copyButton(name, 'Copy chart')}</div></figure>
`;
}
