import { UserError } from '../errors.ts';
import { didYouMean } from '../pipeline/nearest.ts';
import type { Plan } from '../plan/planned.ts';

/**
 * Ids of the tasks that somebody names: by id (`quantize:Q4_K_M`), by kind (`quantize`), by row (`Q4_K_M`), or `all`.
 * @param where what the words were given to, for the message of the UserError when there is no such task
 */
export function tasksNamed(where: string, words: string[], { tasks }: Plan): string[] {
  const ids = tasks.map((task) => task.id);
  return words.flatMap((word) => {
    const named =
      word === 'all' ? ids : ids.filter((id) => id.toLowerCase() === word.toLowerCase() || partsOf(id).includes(word.toLowerCase()));
    if (named.length === 0) throw new UserError(`${where} ${word}: there is no such task${hint(word, ids)}`);
    return named;
  });
}

/** The kind and the row of `bench:Q4_K_M:1`, and the text of `divergence:Q4_K_M@code`; a round alone names nothing. */
function partsOf(id: string): string[] {
  return id
    .toLowerCase()
    .split(':')
    .slice(0, 2)
    .flatMap((part) => part.split('@'));
}

function hint(word: string, ids: string[]): string {
  const known = [
    ...new Set([
      ...ids,
      ...ids.flatMap((id) =>
        id
          .split(':')
          .slice(0, 2)
          .flatMap((part) => part.split('@')),
      ),
    ]),
  ];
  const kinds = [...new Set(ids.map((id) => id.split(':')[0]))];
  return `; ${didYouMean(word, known) ?? `name one as \`qpipe plan\` lists it, a kind (${kinds.join(', ')}), a row, or all`}`;
}
