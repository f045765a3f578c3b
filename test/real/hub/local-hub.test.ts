import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { type LocalHub, startHub } from '../../support/hub/index.ts';
import { type PythonHub, pythonHub, pythonHubEnvironment, pythonHubProblem } from '../../support/python-hub.ts';
import { type Workspace, workspace } from '../../support/workspace.ts';

/** Python's client is not ours, and is what most people use: what it does with the local Hub, it would do with the real one. */
const problem = await pythonHubProblem();
const weights = Buffer.alloc(2_500_000, 'weights');

describe.skipIf(problem !== null)(`the local Hub and Python's huggingface_hub${problem === null ? '' : `: ${problem}`}`, () => {
  let python: PythonHub;
  beforeAll(async () => {
    python = await pythonHub();
  });

  const run = async (program: 'hf' | 'python', hub: LocalHub, home: Workspace, ...args: string[]) => {
    const env = { ...pythonHubEnvironment(hub.endpoint, home.path('home')), PYTHONWARNINGS: 'ignore' };
    const { stdout, stderr } = await promisify(execFile)(python[program], args, { env });
    return stdout + stderr;
  };

  test('hf uploads a folder, finds nothing to do the second time, downloads and verifies it', async () => {
    using home = workspace();
    await using hub = await startHub({ partBytes: 1_000_000, pageSize: 2 });
    home.write('folder/README.md', '---\nlicense: mit\n---\n');
    home.write('folder/sub/config.json', '{}');
    home.write('folder/empty.txt', '');
    home.write('folder/model.safetensors', weights);
    await run('hf', hub, home, 'upload', 'me/new', home.path('folder'), '.');
    expect(hub.count(/^PUT /)).toBe(3);
    expect(await run('hf', hub, home, 'upload', 'me/new', home.path('folder'), '.')).toContain('No files have been modified');
    expect(hub.count(/POST .*\/commit\//)).toBe(1);

    await run('hf', hub, home, 'download', 'me/new');
    expect(await run('hf', hub, home, 'cache', 'verify', 'me/new', '--fail-on-missing-files')).toContain('Verified 5 file(s)');
    const { sha } = (await (await fetch(`${hub.endpoint}/api/models/me/new`)).json()) as { sha: string };
    const snapshot = join(home.path('home/hub/models--me--new/snapshots'), sha);
    expect(readFileSync(join(snapshot, 'model.safetensors')).equals(weights)).toBe(true);
    expect(hub.requests.filter(({ host, authorization }) => host === 'localhost' && authorization)).toEqual([]);
  });

  test('hf cache verify sees a file that is not what the Hub says', async () => {
    using home = workspace();
    await using hub = await startHub();
    await hub.commit('org/m', { 'model.safetensors': weights });
    await run('hf', hub, home, 'download', 'org/m');
    hub.fault({ match: /tree/, kind: 'json', change: ([file]) => [{ ...file, lfs: { ...file.lfs, oid: '0'.repeat(64) } }] });
    await expect(run('hf', hub, home, 'cache', 'verify', 'org/m')).rejects.toThrow('Verification failed');
  });

  test('snapshot_download takes a selection of a renamed data set at a branch', async () => {
    using home = workspace();
    await using hub = await startHub();
    await hub.commit('old/d', { 'a.txt': 'main' }, { type: 'dataset' });
    const commit = await hub.commit('old/d', { 'a.txt': 'text', 'x.parquet': weights }, { type: 'dataset', branch: 'v1' });
    hub.move('old/d', 'new/d');
    const script = `
from huggingface_hub import snapshot_download, list_repo_refs, dataset_info
print(snapshot_download('old/d', repo_type='dataset', revision='v1', allow_patterns='*.txt'))
print([ref.name for ref in list_repo_refs('new/d', repo_type='dataset').branches])
print([file.rfilename for file in dataset_info('new/d', revision='v1', files_metadata=True).siblings])`;
    const [folder = '', ...printed] = (await run('python', hub, home, '-c', script)).trim().split('\n');
    expect(folder).toContain(commit);
    expect(readFileSync(join(folder, 'a.txt'), 'utf8')).toBe('text');
    expect(printed).toEqual(["['main', 'v1']", "['a.txt', 'x.parquet']"]);
    expect(hub.count(/cdn/)).toBe(0);
  });

  test.each([
    ['org/none', 'RepositoryNotFoundError'],
    ['org/gated', 'GatedRepoError'],
    ['org/m', 'RevisionNotFoundError'],
  ])('what is wrong with %s is named by kind', async (repo, error) => {
    using home = workspace();
    await using hub = await startHub();
    await hub.commit('org/gated', { 'a.txt': 'x' }, { gated: 'manual' });
    await hub.commit('org/m', { 'a.txt': 'x' });
    const revision = repo === 'org/m' ? 'none' : 'main';
    const script = `
from huggingface_hub import hf_hub_download
try: hf_hub_download('${repo}', 'a.txt', revision='${revision}')
except Exception as error: print(type(error).__name__)`;
    expect((await run('python', hub, home, '-c', script)).trim()).toBe(error);
  });

  test('paths are described to Python, which asks in a form', async () => {
    using home = workspace();
    await using hub = await startHub();
    await hub.commit('org/m', { 'a.txt': 'x', 'm.gguf': weights });
    const script = `
from huggingface_hub import HfApi
for info in HfApi().get_paths_info('org/m', ['a.txt', 'm.gguf', 'none'], expand=True):
    print(info.path, info.size, info.security.safe, info.last_commit.title)`;
    expect((await run('python', hub, home, '-c', script)).trim()).toBe('a.txt 1 True Change 2 files\nm.gguf 2500000 True Change 2 files');
  });
});
