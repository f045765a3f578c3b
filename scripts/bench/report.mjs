import { downloadInWords, reachesGoals } from './download-report.mjs';
import { isPageFastEnough, pageInWords } from './page.mjs';
import { median, pairedRatio } from './statistics.mjs';

const coldLimit = 1.05;
const quietLoad = 0.5;

/** The whole first: it is what the limit is about. */
const parts = [
  { name: 'the whole demo', of: ({ seconds }) => seconds },
  { name: 'without the benchmarks', of: ({ secondsToBenchmarks }) => secondsToBenchmarks },
  { name: 'the benchmarks alone', of: ({ seconds, secondsToBenchmarks }) => seconds - secondsToBenchmarks },
];

export function isWithinLimits({ cold, idle, download, page }) {
  return (
    (cold === null || ratioOf(cold, parts[0]).median <= coldLimit) &&
    (idle === null || idle.commands.every(isFastEnough)) &&
    (download === null || reachesGoals(download)) &&
    (page === null || isPageFastEnough(page))
  );
}

/** Markdown. */
export function report({ machine, load, cold, idle, download, page }) {
  const memory = `${(machine.memoryBytes / 2 ** 30).toFixed(0)} GiB`;
  return [
    `qpipe ${machine.qpipe}, Node ${machine.node}; ${machine.cpu}, ${machine.processors} processors, ${memory}, ${machine.system}.`,
    `Load average ${load.before[0].toFixed(2)} before, ${load.after[0].toFixed(2)} after.${load.before[0] > quietLoad ? ' **The machine was not quiet: measure again.**' : ''}`,
    ...(cold === null ? [] : ['', ...coldInWords(cold)]),
    ...(idle === null ? [] : ['', ...idleInWords(idle)]),
    ...(download === null ? [] : ['', ...downloadInWords(download)]),
    ...(page === null ? [] : ['', ...pageInWords(page)]),
  ].join('\n');
}

function coldInWords(cold) {
  const { threads, rounds, sameFiles, peakMemory, llamaCpp } = cold;
  return [
    `**The demo from nothing**, ${rounds.length} rounds in turns, ${threads} threads, llama.cpp ${llamaCpp}:`,
    '',
    '| part | shell loop | qpipe | ratio | lowest and highest | limit |',
    '|---|---|---|---|---|---|',
    ...parts.map((part, i) => {
      const side = (name) => `${median(rounds.map((round) => part.of(round[name]))).toFixed(2)} s`;
      const ratio = ratioOf(cold, part);
      const limit = i === 0 ? verdict(coldLimit, ratio.median <= coldLimit) : '';
      return `| ${part.name} | ${side('shell')} | ${side('qpipe')} | ${ratio.median.toFixed(3)} | ${ratio.min.toFixed(3)} to ${ratio.max.toFixed(3)} | ${limit} |`;
    }),
    '',
    `Both made the same ${sameFiles} files, byte for byte. qpipe's own process took at most ${(peakMemory / 2 ** 20).toFixed(0)} MiB of memory.`,
  ];
}

function idleInWords({ tasks, commands, absent }) {
  return [
    `**Nothing to do**, ${tasks} tasks, ${commands[0].seconds.length} rounds in turns:`,
    '',
    '| command | median | fastest | slowest | limit |',
    '|---|---|---|---|---|',
    ...commands.map((command) => {
      const { name, version, limit, seconds } = command;
      const numbers = [median(seconds), Math.min(...seconds), Math.max(...seconds)].map((value) => `${value.toFixed(3)} s`);
      const title = version === undefined ? name : `${name} ${version}`;
      return `| ${[title, ...numbers, limit === undefined ? '' : verdict(`${limit} s`, isFastEnough(command))].join(' | ')} |`;
    }),
    ...absent.map(({ name, why }) => `| ${name} | absent: ${why} | | | |`),
  ];
}

function ratioOf({ rounds }, { of }) {
  return pairedRatio(
    rounds,
    ({ qpipe }) => of(qpipe),
    ({ shell }) => of(shell),
  );
}

function isFastEnough({ limit, seconds }) {
  return limit === undefined || median(seconds) <= limit;
}

function verdict(limit, holds) {
  return `${limit}: ${holds ? 'holds' : '**does not hold**'}`;
}
