import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fromPython, onPath } from './programs.mjs';
import { repository } from './qpipe.mjs';

/** As in the tests that prove the local Hub. */
const pythonHub = { program: 'hf', requirement: 'huggingface_hub', version: '2.4.0' };

/**
 * Programs that download a file of a repo, ours first. Each has its arguments for an empty folder to download into; one that is not
 * there has `absent`: why.
 */
export function downloadClients({ endpoint, repo, file, folder }) {
  const url = `${endpoint}/${repo}/resolve/main/${file}`;
  const library = JSON.parse(readFileSync(join(repository, 'node_modules', '@huggingface', 'hub', 'package.json'), 'utf8'));
  const programs = [
    { name: 'qpipe', ...node('download-with-qpipe.mjs'), args: () => [repo, file] },
    { name: 'curl', ...onPath('curl'), args: (into) => ['-sSfL', '-o', join(into, file), url] },
    {
      name: 'aria2c',
      ...onPath('aria2c'),
      // Without setting the room aside first, which takes its time.
      args: (into) => ['-q', '-x8', '-s8', '-k16M', '--file-allocation=none', '-d', into, '-o', file, url],
    },
    { name: 'hf download', ...fromPython(join(folder, 'python'), pythonHub), args: () => ['download', '--quiet', repo, file] },
    { name: 'snapshotDownload', ...node('download-with-library.mjs'), version: library.version, args: () => [repo] },
  ];
  return programs.map(({ name, version, absent, path, first = [], args }) => {
    if (absent) return { name, absent };
    return {
      name,
      version,
      command: (into) => ({ file: path, args: [...first, ...args(into)], env: environment(endpoint, into), cwd: into }),
    };
  });
}

function node(script) {
  return { path: process.execPath, first: [fileURLToPath(new URL(script, import.meta.url))] };
}

/** Nothing of the user's: no proxy, no token, no settings of curl's. */
function environment(endpoint, into) {
  return {
    PATH: process.env.PATH,
    LC_ALL: 'C.UTF-8',
    HOME: into,
    HF_ENDPOINT: endpoint,
    HF_HOME: into,
    HF_HUB_CACHE: join(into, 'hub'),
    HF_HUB_DISABLE_XET: '1',
    HF_HUB_DISABLE_UPDATE_CHECK: '1',
    HF_HUB_DISABLE_TELEMETRY: '1',
    HF_HUB_DISABLE_PROGRESS_BARS: '1',
  };
}
