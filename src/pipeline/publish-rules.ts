import { delimiter, join } from 'node:path';
import { isOfAnotherMachine } from './destination.ts';
import { shownPath } from './diagnostic.ts';
import { statOf } from './paths.ts';
import type { Pipeline } from './pipeline.ts';
import type { Problem } from './problem.ts';

/** What a pipeline that publishes needs of itself and of this machine, before hours of work. */
export function publishProblems({ publish, keep, quants }: Pipeline): Problem[] {
  return [...nothingIsMade(publish, quants), ...nothingIsKept(publish, keep), ...publish.flatMap(missingPrograms), ...placesTwice(publish)];
}

function nothingIsMade(publish: Pipeline['publish'], quants: Pipeline['quants']): Problem[] {
  if (publish.length === 0 || quants.length > 0 || publish.some(({ rows }) => rows?.includes('base'))) return [];
  return [
    {
      at: '/publish',
      aboutKey: true,
      message: '`publish` needs files, and this pipeline makes no quant',
      fix: 'name a quant, or leave `publish` out',
    },
  ];
}

function nothingIsKept(publish: Pipeline['publish'], keep: Pipeline['keep']): Problem[] {
  if (publish.length === 0 || keep !== 'none') return [];
  return [
    {
      at: '/publish',
      aboutKey: true,
      message: '`publish` needs the files, and `keep: none` keeps none of them',
      fix: 'leave one of the two out',
    },
  ];
}

function missingPrograms(destination: Pipeline['publish'][number]): Problem[] {
  const { at } = destination;
  if (destination.kind === 'command') {
    const [program] = destination.command;
    const isThere = program.includes('/') ? statOf(program)?.isFile() : isOnPath(program);
    return isThere
      ? []
      : [{ at: `${at}/run`, message: `there is no program \`${shownPath(program)}\``, fix: 'name one that is on the PATH, or its file' }];
  }
  if (destination.kind !== 'rsync') return [];
  const needed = ['rsync', ...(isOfAnotherMachine(destination.to) ? ['ssh'] : [])].filter((program) => !isOnPath(program));
  return needed.map((program) => ({
    at: `${at}/rsync`,
    message: `\`${program}\` is not on this machine`,
    fix: `install it (apt install ${program === 'ssh' ? 'openssh-client' : program}, brew install ${program}), or publish to a folder with \`to:\``,
  }));
}

/** Two builds in one place would take turns. */
function placesTwice(publish: Pipeline['publish']): Problem[] {
  const places = publish.map((one) =>
    one.kind === 'hub' ? one.repo.toLowerCase() : one.kind === 'folder' ? one.path : one.kind === 'rsync' ? one.to : null,
  );
  return publish.flatMap(({ at }, i) => {
    const place = places[i];
    return place && places.indexOf(place) < i
      ? [{ at, message: 'the same destination is named already', fix: 'leave one of them out' }]
      : [];
  });
}

function isOnPath(program: string): boolean {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  return folders.some((folder) => statOf(join(folder, program))?.isFile());
}
