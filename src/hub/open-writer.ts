import { commitFiles } from './commit.ts';
import { explaining } from './explain.ts';
import { explainingUpload } from './explain-upload.ts';
import { askCommit, askTree } from './metadata.ts';
import { checkedRepo } from './names.ts';
import type { Office } from './office.ts';
import { openOffice } from './open-office.ts';
import { HubMistake } from './problems.ts';
import { type Question, question, questionOrNull } from './question.ts';
import { readSmall } from './read.ts';
import type { RepoId } from './repo.ts';
import type { HubSite } from './site.ts';
import { tokenInWords } from './token.ts';
import { validateCard } from './validate-card.ts';
import type { HubWriter, RemoteRepo } from './writer.ts';

/** Asks and writes nothing yet. Close it, or the process waits for its connections to be forgotten. */
export function openHubWriter(site: HubSite): HubWriter {
  const office = openOffice(site);
  const change = async (repo: RepoId, asked: Question) =>
    void (await explainingUpload(repo, office, async () => await question(office, asked)));
  return {
    needToken: () => needToken(office),
    look: async (repo, signal) => await look(office, checkedRepo(repo), signal),
    commitOf: async (repo, revision, signal) => await commitOf(office, repo, revision, signal),
    filesAt: async (repo, commit, signal) => (await askTree(office, repo, commit, signal)).files,
    read: async (repo, commit, file, signal) => await readSmall(office, { repo, commit, files: [file] }, file, signal),
    create: async (repo, signal) => await create(office, repo, signal),
    validateCard: async (repo, text, signal) => await explainingUpload(repo, office, async () => await validateCard(office, text, signal)),
    commit: async (request) => await commitFiles(office, request),
    setVisibility: async (repo, visibility, signal) => {
      await change(repo, { method: 'PUT', path: `/api/${repo.type}s/${repo.name}/settings`, body: { visibility }, signal });
    },
    setTag: async (repo, tag, commit, signal) => {
      const tags = `/api/${repo.type}s/${repo.name}/tag`;
      const remove: Question = { method: 'DELETE', path: `${tags}/${encodeURIComponent(tag)}`, signal };
      await explainingUpload(repo, office, async () => await questionOrNull(office, remove, ({ facts }) => facts.status === 404));
      await change(repo, { method: 'POST', path: `${tags}/${commit}`, body: { tag }, signal });
    },
    addressOf: ({ name }) => `${site.endpoint}/${name}`,
    close: async () => await office.network.close(),
  };
}

function needToken({ network, site }: Office): void {
  if (network.token) return;
  throw new HubMistake(
    'bad-token',
    `publishing needs a token with write rights: make one at ${site.endpoint}/settings/tokens and set HF_TOKEN to it, or run \`hf auth login\`. ${tokenInWords(null, site.token)}`,
  );
}

/** The Hub tells nobody without rights whether a repo is missing or private. */
async function look(office: Office, repo: RepoId, signal: AbortSignal | undefined): Promise<RemoteRepo | null> {
  const asked: Question = { method: 'GET', path: `/api/${repo.type}s/${repo.name}`, signal };
  const info = await explaining({ repo }, office, async () =>
    questionOrNull(office, asked, ({ facts: { status, code } }) => code === 'RepoNotFound' || status === 404),
  );
  if (info === null) return null;
  const commit = await askCommit(office, repo, 'main', signal);
  const { files } = await askTree(office, repo, commit, signal);
  return { commit, isPrivate: (info as { private?: boolean }).private === true, files };
}

async function commitOf(office: Office, repo: RepoId, revision: string, signal: AbortSignal | undefined): Promise<string | null> {
  const asked: Question = { method: 'GET', path: `/api/${repo.type}s/${repo.name}/revision/${encodeURIComponent(revision)}`, signal };
  const info = await explaining({ repo, revision }, office, async () =>
    questionOrNull(office, asked, ({ facts: { status } }) => status === 404),
  );
  return (info as { sha?: string } | null)?.sha ?? null;
}

/** Private from its first moment. One that is there already answers 409, and stays as it is. */
async function create(office: Office, repo: RepoId, signal: AbortSignal | undefined): Promise<void> {
  const [organization, name] = repo.name.split('/');
  const body = { type: repo.type, name, organization, visibility: 'private' };
  const asked: Question = { method: 'POST', path: '/api/repos/create', body, signal };
  await explainingUpload(repo, office, async () => await questionOrNull(office, asked, ({ facts }) => facts.status === 409));
}
