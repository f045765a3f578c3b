import { aboutDemo, newestRun, qpipe } from './qpipe.mjs';
import { otherRunners } from './runners.mjs';
import { settleDisk, timed } from './timed.mjs';

/** Commands that have nothing to do, in turns: qpipe's, and other runners on the same graph. */
export function compareIdle({ out, tasks }, { folder, rounds, threads }) {
  const node = (name, args, limit) => ({ name, file: process.execPath, args, limit });
  const runners = otherRunners(tasks, folder);
  const present = runners.filter(({ absent }) => !absent);
  const commands = [
    node('qpipe run, the second time', aboutDemo('run', { out, threads }), 0.5),
    node('qpipe plan', aboutDemo('plan', { out, threads }), 0.5),
    node('qpipe --help', qpipe('--help'), 0.2),
    node('node -e 0', ['-e', '0']),
    ...present,
  ];
  const seconds = commands.map(() => []);
  const before = timesOf(present);
  for (const { file, args, cwd } of commands) timed(file, args, { cwd });
  settleDisk();
  for (let round = 0; round < rounds; round++) {
    const order = commands.map((_, i) => (round % 2 === 0 ? i : commands.length - 1 - i));
    for (const i of order) seconds[i].push(timed(commands[i].file, commands[i].args, { cwd: commands[i].cwd }).seconds);
  }
  refuseWork(out, before, timesOf(present));
  return {
    tasks: tasks.length,
    commands: commands.map(({ name, version, limit }, i) => ({ name, version, limit, seconds: seconds[i] })),
    absent: runners.filter(({ absent }) => absent).map(({ name, absent }) => ({ name, why: absent })),
  };
}

function timesOf(runners) {
  return runners.map(({ times }) => times()).join();
}

function refuseWork(out, before, after) {
  const { ran } = newestRun(out).events.at(-1);
  if (ran !== 0) throw new Error(`qpipe ran ${ran} tasks when nothing was to be done`);
  if (before !== after) throw new Error('a runner made something again when nothing was to be done');
}
