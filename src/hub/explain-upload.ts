import { harmless } from '../harmless.ts';
import { type Asker, explaining } from './explain.ts';
import { HubFailure, HubMistake, type HubProblem } from './problems.ts';
import { Interruption, Refusal, type RefusalFacts } from './refusal.ts';
import type { RepoId } from './repo.ts';
import { tokenInWords } from './token.ts';

/** Does something to a repo, and tells what fails in sentences for people. */
export async function explainingUpload<T>(repo: RepoId, asker: Asker, work: () => Promise<T>): Promise<T> {
  return await explaining({ repo }, asker, async () => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Refusal) throw ofRefusal(error.facts, repo, asker) ?? error;
      if (error instanceof Interruption) throw ofNetwork(error, repo);
      throw error;
    }
  });
}

/** Null for what means the same as for a download. */
function ofRefusal({ status, code, text, ofHub, address }: RefusalFacts, { name }: RepoId, asker: Asker): HubProblem | null {
  const said = text === '' ? '' : ` (${harmless(text)})`;
  const sent = tokenInWords(asker.network.token, asker.site.token);
  if (!ofHub)
    return new HubFailure(
      'refused',
      `${address} refused a part of an upload with status ${status}${said}. Publish again: what has arrived is not sent twice`,
    );
  if (status === 401 && /invalid credentials/i.test(text)) return null;
  if (status === 401 || status === 403)
    return new HubMistake(
      'bad-token',
      `the Hub does not let this token write to ${name}${said}: it needs write rights for that owner. Make one at ${asker.site.endpoint}/settings/tokens, and set HF_TOKEN to it. ${sent}`,
    );
  if (code === 'RepoNotFound' || status === 404)
    return new HubMistake(
      'repo-not-found',
      `the Hub shows no ${name} that could be written to: the owner is missing, or the token is not its own. ${sent}`,
    );
  return null;
}

function ofNetwork({ message }: Interruption, { name }: RepoId): HubFailure {
  return new HubFailure(
    'network',
    `${name} could not be published to, after many tries: ${harmless(message)}. Publish again when the network is back: what has arrived is not sent twice`,
  );
}
