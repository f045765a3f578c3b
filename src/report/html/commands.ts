import type { Results } from '../../results/schema.ts';
import { type Markup, markup } from '../markup.ts';
import { copyButton, type Section } from './elements.ts';

/** How to do it again: with qpipe, and by hand. */
export function commandsSection(results: Results): Section {
  const { work = [], run } = results;
  const body = markup`<p>The same numbers come of the pipeline that is called <b>${results.pipeline}</b> with <code>qpipe run</code>. This report again, from what was saved:</p>
${command('again', `qpipe report ${run.id} --format html --open`)}
${
  work.length > 0
    ? markup`<p>By hand, with llama.cpp alone: the commands as they ran, in folders where these names are the files of each step. What is copied brings its conditions along as a comment.</p>
${work.map(({ task, tasks, commands }, i) => markup`<h3>${task}${tasks > 1 && markup` <span class="soft">and ${tasks - 1} more alike</span>`}</h3>${command(`command-${i}`, commands.join('\n'))}`)}`
    : markup`<p class="note">The single commands were not recorded by the qpipe that made these results.</p>`
}`;
  return { id: 'commands', title: 'Commands to repeat it', short: 'Commands', body };
}

function command(id: string, text: string): Markup {
  return markup`<div class="command"><pre id="${id}" tabindex="0">${text}</pre>${copyButton(id, 'Copy')}</div>
`;
}
