import { createHash } from 'node:crypto';
import { chartCss } from '../charts/style.ts';
import { Markup, markup } from '../markup.ts';
import { paletteCss } from '../palette.ts';
import { type Section, sectionMarkup } from './elements.ts';
import { pageScript } from './script.ts';
import { pageCss } from './style.ts';

interface Page {
  title: string;
  /** Below the heading: what comes first on the screen. */
  opening: Markup;
  sections: Section[];
  /** What goes along with everything that is copied. */
  conditions: string;
}

/** A charts' style of its own: a chart that is copied out of the page takes it along. */
const chartStyle = `${paletteCss()}\n${chartCss}`;

/** One file that needs nothing else: no network, no other file. Its policy lets run and look only what is in it. */
export function htmlDocument({ title, opening, sections, conditions }: Page): string {
  const policy = `default-src 'none'; style-src ${digest(chartStyle)} ${digest(pageCss)}; script-src ${digest(pageScript)}; base-uri 'none'; form-action 'none'`;
  return markup`${new Markup('<!DOCTYPE html>')}
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="qpipe">
<title>${title}</title>
<style id="chart-style">${new Markup(chartStyle)}</style>
<style>${new Markup(pageCss)}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header class="top"><div class="bar-in"><nav aria-label="Sections" tabindex="0">${sections.map(({ id, short }) => markup`<a href="#${id}">${short}</a>`)}</nav><button type="button" id="theme" class="switch" hidden>Theme: auto</button></div></header>
<main id="content" tabindex="-1">
<h1>${title}</h1>
${opening}
${sections.map(sectionMarkup)}
<footer><p class="conditions" id="conditions">${conditions}</p></footer>
</main>
<div id="tip" class="tip" hidden aria-hidden="true"></div>
<div id="said" class="skip" role="status"></div>
<script>${new Markup(pageScript)}</script>
</body>
</html>
`.text;
}

function digest(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
