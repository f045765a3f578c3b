import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { qpipe, repository } from './qpipe.mjs';
import { median } from './statistics.mjs';
import { timed } from './timed.mjs';

const limit = 0.3;
const render = join(repository, 'scripts', 'bench', 'render-page.mjs');

/** The page of 34 types, each round in a process of its own: nothing is warm but the disk. */
export async function measurePage({ folder, rounds }) {
  const file = join(folder, 'many-results.json');
  const page = join(folder, 'many.html');
  await writeResults(folder, file);
  const rendering = [];
  const command = [];
  for (let round = 0; round < rounds; round++) {
    rendering.push(Number(execFileSync(process.execPath, [render, file], { encoding: 'utf8' })));
    command.push(timed(process.execPath, qpipe('report', file, '--format', 'html', '--output', page)).seconds);
  }
  return { types: JSON.parse(readFileSync(file, 'utf8')).rows.length - 1, bytes: readFileSync(page).length, rendering, command, limit };
}

/** The results that the tests have: made up, with every part filled. */
async function writeResults(folder, file) {
  const bundle = await rolldown({ input: join(repository, 'test', 'support', 'many-results.ts'), platform: 'node' });
  const { output } = await bundle.write({ file: join(folder, 'many-results.mjs') });
  const { manyResults } = await import(join(folder, output[0].fileName));
  writeFileSync(file, JSON.stringify(manyResults()));
}

export function isPageFastEnough({ rendering, limit }) {
  return median(rendering) <= limit;
}

/** Markdown. */
export function pageInWords(page) {
  const { types, bytes, rendering, command } = page;
  const numbers = (seconds) => [median(seconds), Math.min(...seconds), Math.max(...seconds)].map((value) => `${value.toFixed(3)} s`).join(' | ');
  return [
    `**Report**, report.html of ${types} types with everything in it (${(bytes / 1000).toFixed(0)} kB), ${rendering.length} rounds:`,
    '',
    '| part | median | fastest | slowest | limit |',
    '|---|---|---|---|---|',
    `| rendering, after the start | ${numbers(rendering)} | ${page.limit} s: ${isPageFastEnough(page) ? 'holds' : '**does not hold**'} |`,
    `| the whole command | ${numbers(command)} | |`,
  ];
}
