/** A block of literal text, with a fence that is longer than any in it. */
export function fenced(text: string, language = ''): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return [`${fence}${language}`, text.replace(/\n$/, ''), fence].join('\n');
}

/** To a file beside the card. */
export function linkTo(path: string, text = path): string {
  const address = path
    .split('/')
    .map((part) => encodeURIComponent(part).replaceAll('(', '%28').replaceAll(')', '%29'))
    .join('/');
  return `[${text.replaceAll(/[[\]]/g, '\\$&')}](${address})`;
}

/** A part that is read by who opens it. */
export function folded(title: string, content: string): string {
  return [`<details><summary>${title}</summary>`, '', content, '', '</details>'].join('\n');
}
