import type { Summary } from './summary.ts';
import { summaryInWords } from './words.ts';

/** Slack cuts longer texts. */
const longest = 3000;

/** What an incoming webhook of Slack takes. */
export function slackMessage(summary: Summary): { text: string } {
  const [head = '', ...rest] = summaryInWords(summary).map(escaped);
  const text = [`*${head}*`, ...rest.map((line) => `• ${line}`)].join('\n');
  return { text: text.length <= longest ? text : `${text.slice(0, longest - 1)}…` };
}

/** Otherwise a name from outside could call everybody, or pose as a link. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
