import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { downloadClients } from './download-clients.mjs';
import { digestOf, findDownloaded, folderForData, takeMemoryOnce, writeRandom } from './download-data.mjs';
import { startLocalHub } from './local-hub.mjs';
import { measured } from './measured.mjs';
import { settleDisk } from './timed.mjs';

const bytes = 2 * 2 ** 30;
const [repo, file] = ['bench/model', 'model.gguf'];

/** As fast as the machine; and as a server far away, which lets one connection have only so much. */
const networks = [
  { network: 'unlimited', faults: [] },
  {
    network: 'limited',
    faults: [
      { kind: 'latency', ms: 40, match: '.' },
      { kind: 'rate', bytesPerSecond: 40e6, match: '^GET /cdn/' },
    ],
  },
];

/** One large file from a Hub on this machine, by qpipe and by others, in turns, each into an empty folder. */
export async function compareDownloads({ folder, rounds }) {
  const { data, inMemory } = folderForData(folder, bytes);
  let hub;
  try {
    const path = join(data, file);
    const sha256 = writeRandom(path, bytes);
    hub = await startLocalHub(data);
    await hub.commit(repo, { [file]: { path } });
    const known = downloadClients({ endpoint: hub.endpoint, repo, file, folder });
    const clients = known.filter(({ absent }) => !absent);
    const into = join(data, 'into');
    await warmUp(clients, into, sha256);
    const compared = [];
    for (const { network, faults } of networks) {
      const faulty = await Promise.all(faults.map((fault) => hub.fault(fault)));
      compared.push({ network, clients: inTurns(clients, { into, rounds, network }) });
      for (const end of faulty) await end();
    }
    const absent = known.filter(({ absent }) => absent).map(({ name, absent }) => ({ name, why: absent }));
    return { bytes, inMemory, networks: compared, absent };
  } finally {
    await hub?.close();
    rmSync(data, { recursive: true, force: true });
  }
}

/** Nobody starts cold. And whoever brings other bytes does other work. */
async function warmUp(clients, into, sha256) {
  for (const { name, command } of clients) {
    download(command, into);
    if ((await digestOf(findDownloaded(into, bytes))) !== sha256) throw new Error(`${name} brought other bytes than the Hub has`);
  }
}

function inTurns(clients, { into, rounds, network }) {
  const took = clients.map(() => []);
  for (let round = 0; round < rounds; round++) {
    const order = clients.map((_, i) => (round % 2 === 0 ? i : clients.length - 1 - i));
    for (const i of order) took[i].push(download(clients[i].command, into));
    const inWords = clients.map(({ name }, i) => `${name} ${took[i][round].seconds.toFixed(2)} s`);
    console.error(`${network} download, round ${round + 1} of ${rounds}: ${inWords.join(', ')}`);
  }
  return clients.map(({ name, version }, i) => ({ name, version, rounds: took[i] }));
}

/** What it brought stays until the next one starts. */
function download(command, into) {
  rmSync(into, { recursive: true, force: true });
  mkdirSync(into);
  settleDisk();
  takeMemoryOnce(into, bytes);
  const took = measured(command(into));
  findDownloaded(into, bytes);
  return took;
}
