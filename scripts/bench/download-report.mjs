import { median, pairedRatio } from './statistics.mjs';

const mostMemory = 200e6;

/** How many times as fast as another program qpipe is at least. */
const goals = [
  { network: 'unlimited', than: 'hf download', least: 1 },
  { network: 'unlimited', than: 'snapshotDownload', least: 1.2 },
  { network: 'limited', than: 'hf download', least: 6 },
  { network: 'limited', than: 'snapshotDownload', least: 6 },
];

const titles = {
  unlimited: 'as fast as this machine',
  limited: '40 MB/s for a connection, 40 ms until an answer',
};

/** A goal whose other program is absent holds. */
export function reachesGoals(download) {
  return judged(download).every(({ holds }) => holds !== false);
}

export function downloadInWords(download) {
  const { bytes, inMemory, networks, absent } = download;
  const where = inMemory ? 'all of it in memory' : '**on a disk, which is measured too**: memory had no room';
  return [
    `**Downloads**, a file of ${bytes / 2 ** 30} GiB from a Hub on this machine, each into an empty folder, ${networks[0].clients[0].rounds.length} rounds in turns, ${where}:`,
    ...networks.flatMap((network) => ['', ...networkInWords(network, bytes, absent)]),
    '',
    '| goal | measured | |',
    '|---|---|---|',
    ...judged(download).map(({ goal, measured, holds }) => `| ${goal} | ${measured} | ${verdict(holds)} |`),
  ];
}

function networkInWords({ network, clients }, bytes, absent) {
  const [ours] = clients;
  return [
    `| ${titles[network]} | MB/s | lowest and highest | qpipe is as fast | CPU | memory |`,
    '|---|---|---|---|---|---|',
    ...clients.map((client) => {
      const speeds = client.rounds.map(({ seconds }) => bytes / seconds / 1e6);
      const processor = `${median(client.rounds.map(({ processorSeconds }) => processorSeconds)).toFixed(1)} s`;
      const cells = [
        client.version === undefined ? client.name : `${client.name} ${client.version}`,
        median(speeds).toFixed(0),
        `${Math.min(...speeds).toFixed(0)} to ${Math.max(...speeds).toFixed(0)}`,
        client === ours ? '' : ratioInWords(ratioOf(ours, client)),
        processor,
        `${(peakOf(client) / 1e6).toFixed(0)} MB`,
      ];
      return `| ${cells.join(' | ')} |`;
    }),
    ...absent.map(({ name, why }) => `| ${name} | absent: ${why} | | | | |`),
  ];
}

function judged({ networks }) {
  const ratios = goals.map(({ network, than, least }) => {
    const { clients } = networks.find((one) => one.network === network);
    const other = clients.find(({ name }) => name === than);
    const goal = `at least ${least} times as fast as ${than}, ${network}`;
    if (!other) return { goal, measured: `no ${than} here`, holds: null };
    const ratio = ratioOf(clients[0], other);
    return { goal, measured: ratioInWords(ratio), holds: ratio.median >= least };
  });
  const peak = Math.max(...networks.map(({ clients }) => peakOf(clients[0])));
  const memory = {
    goal: `less than ${mostMemory / 1e6} MB of memory`,
    measured: `${(peak / 1e6).toFixed(0)} MB`,
    holds: peak < mostMemory,
  };
  return [...ratios, memory];
}

function ratioOf(ours, other) {
  const rounds = ours.rounds.map((round, i) => [round, other.rounds[i]]);
  return pairedRatio(
    rounds,
    ([, { seconds }]) => seconds,
    ([{ seconds }]) => seconds,
  );
}

function ratioInWords({ median, min, max }) {
  return `${median.toFixed(2)} times (${min.toFixed(2)} to ${max.toFixed(2)})`;
}

function peakOf({ rounds }) {
  return Math.max(...rounds.map(({ peakMemory }) => peakMemory));
}

function verdict(holds) {
  if (holds === null) return 'not measured';
  return holds ? 'holds' : '**does not hold**';
}
