import { styleText } from 'node:util';
import type { Facts } from '../../plan/facts.ts';
import type { Download } from '../../preview/downloads.ts';
import { reasonInShort } from '../../preview/in-words.ts';
import type { Preview, PreviewTask } from '../../preview/preview.ts';
import { decimalSize } from '../../report/format.ts';
import { table } from './table.ts';

/**
 * The plan as people read it: what is made, what will be, why, how large. Sizes with `~` are estimates.
 * @param folder where the files will lie, as people name it
 */
export function planInWords(preview: Preview, { tools }: Facts, folder: string): string {
  const { pipeline, tasks, files, downloads, disk, notes, leftOut } = preview;
  const lines = withFoldedRounds(tasks);
  return [
    `${styleText('bold', preview.model)}  (${pipeline}: ${counts(tasks)}; llama.cpp ${tools.build.description})`,
    '',
    ...table(
      [
        { title: 'task', cell: ({ id }) => id },
        { title: 'state', cell: ({ state }) => states[state] },
        { title: 'size', align: 'right', cell: sizeOf },
        { title: 'why', cell: why },
      ],
      lines,
    ),
    '',
    ...(files.length > 0
      ? [
          styleText('bold', folder),
          ...table(
            [
              { title: 'file', cell: ({ name }) => name },
              { title: 'size', align: 'right', cell: ({ bytes, exact }) => (bytes === undefined ? '' : size(bytes, exact ?? false)) },
            ],
            files,
          ),
          '',
        ]
      : []),
    ...downloads.flatMap(downloadInWords),
    diskInWords(disk),
    ...problemsInWords(tasks),
    ...leftOut.map(({ type, reason }) => `${type} is left out: ${reason}`),
    ...notes,
    '',
  ].join('\n');
}

const states = { made: 'made', run: 'to run', maybe: 'perhaps' };

function counts(tasks: PreviewTask[]): string {
  const count = (state: PreviewTask['state']) => tasks.filter((task) => task.state === state).length;
  const parts = [
    `${tasks.length} tasks`,
    `${count('made')} made already`,
    ...(count('run') > 0 ? [`${count('run')} to run`] : []),
    ...(count('maybe') > 0 ? [`${count('maybe')} perhaps`] : []),
  ];
  return parts.join(', ');
}

function sizeOf({ outputs }: PreviewTask): string {
  const sizes = Object.values(outputs);
  if (sizes.length === 0) return '';
  return size(
    sizes.reduce((total, { bytes }) => total + bytes, 0),
    sizes.every(({ exact }) => exact),
  );
}

function size(bytes: number, exact: boolean): string {
  return `${exact ? '' : '~'}${decimalSize(bytes)}`;
}

function why({ reasons, problem }: PreviewTask): string {
  const [first, ...others] = reasons.map(reasonInShort);
  const reason = [first ?? '', ...(others.length > 0 ? [`and ${others.length} more`] : [])].filter(Boolean).join(', ');
  return problem === null ? reason : `will fail: ${problem}`;
}

/** The rounds of one row's benchmark in one line, as far as the same holds of them. */
function withFoldedRounds(tasks: PreviewTask[]): PreviewTask[] {
  const folded = new Map<string, PreviewTask[]>();
  for (const task of tasks) {
    const [op, row] = task.id.split(':');
    const group = op === 'bench' ? `${op}:${row} ${task.state} ${why(task)}` : task.id;
    folded.set(group, [...(folded.get(group) ?? []), task]);
  }
  return [...folded.values()].flatMap((group) => {
    const [first] = group;
    if (!first || group.length === 1) return group;
    const rounds = group.map(({ id }) => id.split(':')[2]);
    return [
      {
        ...first,
        id: `${first.id.split(':').slice(0, 2).join(':')}:${inRow(rounds) ? `${rounds[0]}-${rounds.at(-1)}` : rounds.join(',')}`,
      },
    ];
  });
}

function inRow(rounds: (string | undefined)[]): boolean {
  return rounds.every((round, i) => Number(round) === Number(rounds[0]) + i);
}

/** The repo, its commit, and each file that is still to come. */
function downloadInWords({ repo, revision, commit, files, bytesToCome }: Download): string[] {
  const missing = files.filter(({ here }) => !here);
  const pinned = commit.startsWith(revision) ? commit.slice(0, 12) : `${revision}, ${commit.slice(0, 12)}`;
  const source = `${styleText('bold', repo)} (${pinned})`;
  if (missing.length === 0) return [`${source}: all ${files.length} files are here`, ''];
  const whole = files.reduce((total, { bytes }) => total + bytes, 0);
  if (bytesToCome === 0) return [`${source}: nothing needs to come; what it made is here`, ''];
  return [
    `${source}: ${decimalSize(bytesToCome)} of ${decimalSize(whole)} to come`,
    ...table(
      [
        { title: 'file', cell: ({ path }) => path },
        { title: 'size', align: 'right', cell: ({ bytes }) => decimalSize(bytes) },
      ],
      missing,
    ),
    '',
  ];
}

/** The room that a run takes, in a line. */
export function diskInWords({ toWriteBytes, peakBytes, freeBytes, exact, toFetchBytes, shortages }: Preview['disk']): string {
  if (toWriteBytes === 0 && toFetchBytes === 0) return `Disk: nothing to write; ${decimalSize(freeBytes)} free`;
  const fetched = toFetchBytes === 0 ? '' : `${decimalSize(toFetchBytes)} to fetch, `;
  const short = shortages.map(({ folder, neededBytes, freeBytes: free }) => `, ${decimalSize(neededBytes - free)} too little at ${folder}`);
  return `Disk: ${fetched}${size(toWriteBytes, exact)} to write, ${size(peakBytes, exact)} at the peak; ${decimalSize(freeBytes)} free${short.length > 0 ? styleText('red', short.join('')) : ''}`;
}

function problemsInWords(tasks: PreviewTask[]): string[] {
  return tasks.flatMap(({ id, problem }) => (problem === null ? [] : [styleText('red', `${id} will fail: ${problem}`)]));
}
