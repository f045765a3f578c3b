import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { failure, type HubLab, hubLab, model, segmentBytes, sha256, someBytes } from '../../support/hub-lab.ts';
import { type PythonHub, pythonHub, pythonHubEnvironment, pythonHubProblem } from '../../support/python-hub.ts';

const problem = await pythonHubProblem();
const weights = someBytes(5 * segmentBytes);
const files = { 'model.safetensors': weights, 'config.json': '{"a":1}', 'sub/tokenizer.json': '{}', 'README.md': 'not wanted' };
const wanted = ['model.safetensors', 'config.json', 'sub/tokenizer.json'];
const patterns = JSON.stringify(wanted);

/** A cache is shared by programs that know nothing of each other. */
describe.skipIf(problem !== null)(`the cache and Python's huggingface_hub${problem === null ? '' : `: ${problem}`}`, () => {
  let python: PythonHub;
  beforeAll(async () => {
    python = await pythonHub();
  });

  const run = async (program: 'hf' | 'python', lab: HubLab, args: string[], environment: NodeJS.ProcessEnv = {}) => {
    const env = { ...pythonHubEnvironment(lab.local.endpoint, lab.space.path('home')), HF_HUB_CACHE: lab.site.cache, ...environment };
    const { stdout, stderr } = await promisify(execFile)(python[program], args, { env });
    return stdout + stderr;
  };
  const offline = { HF_HUB_OFFLINE: '1' };
  const snapshot = (revision: string, more = '') =>
    `from huggingface_hub import snapshot_download; print(snapshot_download('me/model', revision='${revision}'${more}))`;

  describe.each(['main', 'its commit'])('what qpipe fetched by %s', (by) => {
    const fetched = async (lab: HubLab) => {
      const tree = await lab.put(files);
      const revision = by === 'main' ? 'main' : tree.commit;
      return { revision, tree, ...(await lab.fetch(tree, { files: wanted, revision })) };
    };

    test('is verified by hf', async () => {
      await using lab = await hubLab();
      const { revision } = await fetched(lab);
      expect(await run('hf', lab, ['cache', 'verify', 'me/model', '--revision', revision])).toContain('Verified 3 file(s)');
    });

    test('is taken by Python without a network, and a part of it never for the whole', async () => {
      await using lab = await hubLab();
      const { revision, folder } = await fetched(lab);
      const asked = lab.local.requests.length;
      expect((await run('python', lab, ['-c', snapshot(revision, `, allow_patterns=${patterns}`)], offline)).trim()).toBe(folder);
      await expect(run('python', lab, ['-c', snapshot(revision)], offline)).rejects.toThrow(
        /IncompleteSnapshotError|LocalEntryNotFoundError/,
      );
      expect(lab.local.requests).toHaveLength(asked);
    });

    test('is listed without a warning, and not pruned', async () => {
      await using lab = await hubLab();
      const { tree, folder } = await fetched(lab);
      lab.space.write(`cache/models--me--model/.qpipe/${'0'.repeat(64)}.part`, 'on its way');
      const listed = await run('hf', lab, ['cache', 'ls', '--revisions', '--show-warnings']);
      expect(listed).toContain(tree.commit.slice(0, 7));
      expect(listed).not.toMatch(/warning/i);
      await run('hf', lab, ['cache', 'prune', '-y']);
      for (const path of wanted)
        expect(readFileSync(`${folder}/${path}`).equals(Buffer.from(files[path as keyof typeof files]))).toBe(true);
      expect(lab.leftOvers()).toEqual([`${'0'.repeat(64)}.part`]);
    });

    test('is completed by Python, which fetches the rest only', async () => {
      await using lab = await hubLab();
      const { revision, folder } = await fetched(lab);
      const sent = lab.local.bytesSent(/\/cdn\//);
      expect((await run('python', lab, ['-c', snapshot(revision)])).trim()).toBe(folder);
      expect(lab.local.bytesSent(/\/cdn\//)).toBe(sent);
      expect(readFileSync(`${folder}/README.md`, 'utf8')).toBe('not wanted');
    });
  });

  describe.each(['', 'in the store that repos share'])('what Python fetched %s', (where) => {
    const byPython = async (lab: HubLab) => {
      const commit = await lab.local.commit('me/model', files);
      await run('python', lab, ['-c', snapshot('main', `, allow_patterns=${patterns}`)]);
      const blob = lab.inCache('blobs', sha256(weights));
      if (where !== '') {
        const stored = lab.space.path('cache/blobs/ab', 'ab'.repeat(32));
        mkdirSync(lab.space.path('cache/blobs/ab'), { recursive: true });
        renameSync(blob, stored);
        chmodSync(stored, 0o444);
        symlinkSync(`../../blobs/ab/${'ab'.repeat(32)}`, blob);
      }
      return { commit, blob };
    };

    test('is used offline, without a request', async () => {
      await using lab = await hubLab();
      const { commit } = await byPython(lab);
      const asked = lab.local.requests.length;
      const hub = lab.open({ offline: true });
      expect(await hub.pin(model, 'main')).toBe(commit);
      const fetched = await lab.fetch(await hub.tree(model, commit), { hub, files: wanted });
      expect([fetched.received, fetched.read('model.safetensors').equals(weights)]).toEqual([0, true]);
      expect(lab.local.requests).toHaveLength(asked);
    });

    test('is refused offline when one byte of it is another, and fetched again where there is a network', async () => {
      await using lab = await hubLab();
      const { commit, blob } = await byPython(lab);
      const wrong = Buffer.from(weights);
      wrong.writeUInt8(wrong.readUInt8(100) ^ 1, 100);
      chmodSync(blob, 0o644);
      writeFileSync(blob, wrong);
      const hub = lab.open({ offline: true });
      expect(await failure(lab.fetch(await hub.tree(model, commit), { hub, files: wanted }))).toMatchObject({ reason: 'offline' });
      const fetched = await lab.fetch(await lab.open().tree(model, commit), { files: wanted });
      expect([fetched.received, fetched.read('model.safetensors').equals(weights)]).toEqual([weights.length, true]);
      expect(existsSync(lab.space.path('cache/blobs/ab', 'ab'.repeat(32)))).toBe(where !== '');
      expect(await run('hf', lab, ['cache', 'verify', 'me/model'])).toContain('Verified 3 file(s)');
    });
  });
});
