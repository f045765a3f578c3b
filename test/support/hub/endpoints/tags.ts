import { type Answer, json, problem } from '../http/answer.ts';
import type { Exchange } from '../http/exchange.ts';
import { readJson } from '../http/request-body.ts';
import { commitAt, mustHaveToken, repoAt } from './access.ts';
import type { Place } from './endpoint.ts';

/** Lets a new tag stand for a revision. */
export async function addTag(exchange: Exchange, place: Place): Promise<Answer> {
  mustHaveToken(exchange);
  const { tag } = await readJson<{ tag: string }>(exchange);
  const { repo, commit } = commitAt(exchange, place);
  if (repo.tags.has(tag)) return problem(409, null, 'Tag reference exists already');
  repo.tags.set(tag, commit);
  return json({});
}

export function removeTag(exchange: Exchange, place: Place): Answer {
  mustHaveToken(exchange);
  return repoAt(exchange, place).tags.delete(place.revision) ? json({}) : problem(404, 'RevisionNotFound', 'Invalid tag');
}
