import { plain } from '../../report/markdown-table.ts';
import type { CardFacts } from './facts.ts';
import { fenced, folded, linkTo } from './markdown.ts';

/** From what the files were made, by which programs, and how to make them again. */
export function madePart({ results, beside, calibration }: CardFacts): string {
  const { conditions: c, sources = [], run, work = [] } = results;
  const pinned = sources.map(
    ({ what, type, repo, commit }) =>
      `- ${what}: [${repo}](https://huggingface.co/${type === 'dataset' ? 'datasets/' : ''}${repo}/tree/${commit}) at commit \`${commit}\``,
  );
  const making = work.filter(({ operation }) => ['merge', 'convert', 'render', 'imatrix', 'quantize'].includes(operation));
  const commands = making.flatMap(({ commands }) => commands);
  const files = ['qpipe.yaml', 'qpipe.lock.json', 'manifest.json', 'SHA256SUMS'].filter(
    (path) => beside.includes(path) || path === 'SHA256SUMS',
  );
  return [
    '## How it was made',
    '',
    ...pinned,
    `- llama.cpp: ${plain(c.build)}; build \`${c.buildId.slice(0, 12)}\`; it says of itself: ${plain(c.version)}`,
    ...(c.converter ? [`- converter: ${plain(c.converter)}`] : []),
    `- importance matrix: ${plain(c.imatrix ?? 'none')}${calibration === null ? '' : ` (sha256 of the text \`${calibration}\`)`}`,
    ...(c.evaluation
      ? [
          `- measured on ${plain(c.evaluation.text)} (sha256 \`${c.evaluation.sha256}\`), ${c.evaluation.chunks} chunks of ${c.evaluation.context} tokens`,
        ]
      : []),
    `- machine: ${plain(c.machine.cpu)}, ${c.platform}`,
    `- qpipe ${run.qpipe}, run ${run.id}`,
    '',
    `Beside the files: ${files.map((path) => linkTo(path)).join(', ')}. ${beside.includes('qpipe.yaml') ? 'To make them again:' : ''}`,
    ...(beside.includes('qpipe.yaml')
      ? ['', fenced(`qpipe run qpipe.yaml${beside.includes('qpipe.lock.json') ? ' --locked' : ''}`, 'sh')]
      : []),
    ...(commands.length > 0 ? ['', folded('The commands', fenced(commands.join('\n'), 'sh'))] : []),
  ].join('\n');
}
