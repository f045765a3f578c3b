import { addCommit, type Repo, type RepoType } from '../content/repo.ts';
import { type Answer, json, problem } from '../http/answer.ts';
import type { Exchange } from '../http/exchange.ts';
import { readJson } from '../http/request-body.ts';
import { mustHaveToken, repoAt } from './access.ts';
import type { Place } from './endpoint.ts';

interface Settings {
  visibility?: 'public' | 'private';
  /** As older clients say it. */
  private?: boolean;
  gated?: Repo['gated'];
}

interface WantedRepo extends Settings {
  name: string;
  /** The user's own repo without it. */
  organization?: string | null;
  type?: RepoType;
}

const user = 'me';

export function whoAmI(exchange: Exchange): Answer {
  mustHaveToken(exchange);
  const common = { canPay: false, avatarUrl: '', periodEnd: null };
  return json({
    ...common,
    type: 'user',
    id: '0123456789abcdef01234567',
    name: user,
    fullname: 'Me Myself',
    email: 'me@example.org',
    emailVerified: true,
    isPro: false,
    billingMode: 'prepaid',
    orgs: [{ ...common, type: 'org', id: '76543210fedcba9876543210', name: 'org', fullname: 'An organisation', email: null }],
    auth: { type: 'access_token', accessToken: { displayName: 'test', role: 'write', createdAt: new Date().toISOString() } },
  });
}

/** A new repo has one commit, with the `.gitattributes` that every repo of the Hub begins with. */
export async function createRepo(exchange: Exchange): Promise<Answer> {
  mustHaveToken(exchange);
  const { hub } = exchange;
  const wanted = await readJson<WantedRepo>(exchange);
  const type = wanted.type ?? 'model';
  const name = wanted.name.includes('/') ? wanted.name : `${wanted.organization ?? user}/${wanted.name}`;
  const url = `${hub.endpoint}/${type === 'dataset' ? 'datasets/' : ''}${name}`;
  if (hub.repos.find(type, name)) {
    const taken = `You already created this ${type} repo: ${name}`;
    return { ...problem(409, null, taken), body: { json: { error: taken, url } } };
  }
  const repo = hub.repos.create(type, name);
  setVisibility(repo, wanted);
  addCommit(repo, 'main', 'initial commit', new Map([['.gitattributes', hub.objects.addSmall(Buffer.from(gitAttributes))]]));
  return json({ url, name, id: repo.id });
}

export async function changeSettings(exchange: Exchange, place: Place): Promise<Answer> {
  mustHaveToken(exchange);
  const wanted = await readJson<Settings>(exchange);
  const repo = repoAt(exchange, place);
  setVisibility(repo, wanted);
  repo.gated = wanted.gated ?? repo.gated;
  return json({ private: repo.private, gated: repo.gated });
}

/** Knows only whether there is any metadata, and whether it ends. */
export async function validateYaml(exchange: Exchange): Promise<Answer> {
  const { content } = await readJson<{ content: string }>(exchange);
  const begins = content.startsWith('---\n');
  if (begins && !/\n---(\n|$)/.test(content)) {
    return {
      ...problem(400, null, 'Invalid metadata'),
      body: { json: { errors: [{ message: 'The metadata does not end' }], warnings: [] } },
    };
  }
  return json({ errors: [], warnings: begins ? [] : [{ message: 'empty or missing yaml metadata in repo card' }] });
}

function setVisibility(repo: Repo, wanted: Settings): void {
  if (wanted.visibility !== undefined) repo.private = wanted.visibility === 'private';
  else if (wanted.private !== undefined) repo.private = wanted.private;
}

const gitAttributes = ['*.safetensors', '*.gguf', '*.bin', '*.zip', '*.parquet', 'tokenizer.model']
  .map((pattern) => `${pattern} filter=lfs diff=lfs merge=lfs -text\n`)
  .join('');
