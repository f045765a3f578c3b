/** For charts in a page and in files; colours are the palette's variables. */
export const chartCss = `
.chart{font:12px system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif;font-variant-numeric:tabular-nums}
.chart text{fill:var(--ink)}
.chart .soft{fill:var(--soft)}
.chart .title{font-size:15px;font-weight:600}
.chart .foot{font-size:11px;fill:var(--soft)}
.chart .small{font-size:11px}
.chart .strong{font-weight:600}
.chart .end{text-anchor:end}
.chart .middle{text-anchor:middle}
.chart .grid{stroke:var(--line);stroke-width:1;fill:none}
.chart .axis{stroke:var(--soft);stroke-width:1;fill:none}
.chart .leader{stroke:var(--soft);stroke-width:.75;fill:none}
.chart .front{stroke:var(--accent);stroke-width:1.5;fill:none;opacity:.55}
.chart .dashed{stroke:var(--soft);stroke-width:1;stroke-dasharray:4 3;fill:none}
.chart .paper{fill:var(--paper)}
.chart .halo{paint-order:stroke;stroke:var(--paper);stroke-width:3px;stroke-linejoin:round}
.chart .line{fill:none;stroke-width:1.75}
.chart .hollow{fill:var(--paper);stroke-width:1.5}
.chart .ring{fill:none;stroke:var(--accent);stroke-width:1.5}
.chart .first{fill:var(--first);stroke:var(--first)}
.chart .second{fill:var(--second);stroke:var(--second)}
.chart .third{fill:var(--third);stroke:var(--third)}
.chart .fourth{fill:var(--fourth);stroke:var(--fourth)}
.chart .rest{fill:var(--rest);stroke:var(--rest)}
.chart .line.first,.chart .line.second,.chart .line.third,.chart .line.fourth,.chart .line.rest{fill:none}
.chart .hollow.rest{fill:var(--paper);stroke:var(--soft)}
.chart .bar{stroke:var(--paper);stroke-width:1}
.chart .interval{stroke-width:1.5}
.chart .strip{stroke-width:6}
.chart .across{stroke:var(--ink);stroke-width:2}
.chart .on .dot,.chart .on .bar{stroke:var(--ink);stroke-width:2}
.chart .on .line{stroke-width:3.5}
${[0, 1, 2, 3, 4, 5, 6].map((step) => `.chart .heat${step}{fill:var(--heat${step})}.chart .heat-ink${step}{fill:var(--heatInk${step})}`).join('\n')}
`.trim();
