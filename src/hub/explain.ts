import { isSystemError } from '../errors.ts';
import { harmless } from '../harmless.ts';
import { HubFailure, HubMistake, type HubProblem } from './problems.ts';
import { Interruption, Refusal, type RefusalFacts } from './refusal.ts';
import type { RepoId } from './repo.ts';
import type { HubSite } from './site.ts';
import { type Token, tokenInWords } from './token.ts';

/** What was wanted when something failed. */
export interface Wanted {
  repo: RepoId;
  revision?: string;
  file?: string;
}

export interface Asker {
  site: HubSite;
  /** With the token that was sent to the Hub, if any. */
  network: { token: Token | null };
}

/** Does it, and tells what fails in sentences for people. What is explained already, and bugs, pass through. */
export async function explaining<T>(wanted: Wanted, asker: Asker, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explained(error, wanted, asker);
  }
}

function explained(error: unknown, wanted: Wanted, asker: Asker): unknown {
  if (error instanceof Refusal) return ofRefusal(error.facts, wanted, asker);
  if (error instanceof Interruption) return ofNetwork(error, wanted);
  if (isSystemError(error)) return ofDisk(error, asker.site);
  return error;
}

function ofRefusal(facts: RefusalFacts, wanted: Wanted, asker: Asker): HubProblem {
  const { status, code, text } = facts;
  const { repo, revision, file } = wanted;
  const address = `${asker.site.endpoint}/${repo.type === 'dataset' ? 'datasets/' : ''}${repo.name}`;
  const sent = () => tokenInWords(asker.network.token, asker.site.token);
  const said = text === '' ? '' : ` (${harmless(text)})`;
  if (!facts.ofHub) {
    const reason = status >= 500 || status === 429 ? 'server' : 'refused';
    return new HubFailure(
      reason,
      `${facts.address} refused ${file ?? repo.name} with status ${status}${said}. Run again later: what has come is kept`,
    );
  }
  if (code === 'GatedRepo') {
    return new HubMistake(
      'gated',
      `${repo.name} is gated: accept its licence at ${address}, then set HF_TOKEN to a token of that account, or run \`hf auth login\`. ${sent()}`,
    );
  }
  if (text === 'Access to this resource is disabled.') {
    return new HubMistake('disabled', `the Hub has disabled access to ${repo.name}; ${address} may say why. Name another repo`);
  }
  if (status === 401 && /invalid credentials/i.test(text)) {
    return new HubMistake(
      'bad-token',
      `the token is not valid or has expired: run \`hf auth login\`, or set HF_TOKEN to a new one. ${sent()}`,
    );
  }
  if (code === 'RevisionNotFound') {
    return new HubMistake(
      'revision-not-found',
      `${repo.name} has no branch, tag or commit ${revision ?? ''}; ${address}/tree/main shows what there is`,
    );
  }
  if (code === 'EntryNotFound') {
    return new HubMistake('entry-not-found', `${repo.name} has no file ${file ?? ''}${revision ? ` at ${revision}` : ''}`);
  }
  if (code === 'RepoNotFound' || status === 401 || (status === 404 && file === undefined)) {
    const kind = repo.type === 'dataset' ? 'data set' : 'model';
    return new HubMistake(
      'repo-not-found',
      `the Hub shows no ${kind} ${repo.name}: it is missing, or private and needs a token. ${sent()}`,
    );
  }
  if (status === 403) {
    return new HubMistake('bad-token', `the Hub does not allow this token to read ${repo.name}${said}; give it that right. ${sent()}`);
  }
  const of = `${facts.address}${facts.requestId === '' ? '' : ` (request ${harmless(facts.requestId)})`}`;
  if (status >= 500) return new HubFailure('server', `the Hub is in trouble: ${of} answers with status ${status}${said}. Try again later`);
  if (status === 429)
    return new HubFailure('server', `the Hub allows no more requests for now (status 429)${said}. Try again later. ${sent()}`);
  return new HubFailure('refused', `${of} refused with status ${status}${said}`);
}

function ofNetwork({ message }: Interruption, { repo, file }: Wanted): HubProblem {
  return new HubFailure(
    'network',
    `${file ?? repo.name} could not be fetched, after many tries: ${harmless(message)}. What has come is kept; run again when the network is back`,
  );
}

function ofDisk(error: NodeJS.ErrnoException, { cache }: HubSite): HubProblem {
  switch (error.code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new HubFailure(
        'disk-full',
        `the disk of ${cache} is full. What has come is kept; make room and run again, or let HF_HUB_CACHE name another folder`,
      );
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new HubMistake(
        'not-writable',
        `${error.path ?? cache} cannot be written (${error.code}); let HF_HUB_CACHE name a folder that can`,
      );
    default:
      return new HubFailure('disk', `${cache} cannot be used: ${error.message}. What has come is kept`);
  }
}
