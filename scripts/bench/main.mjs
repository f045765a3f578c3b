// How fast qpipe is, as ratios and against limits: `npm run bench -- --help`. How to read it stands in CONTRIBUTING.md.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { compareCold } from './cold.mjs';
import { compareDownloads } from './download.mjs';
import { compareIdle } from './idle.mjs';
import { describeMachine, loadNow } from './machine.mjs';
import { measurePage } from './page.mjs';
import { repository, runDemo } from './qpipe.mjs';
import { isWithinLimits, report } from './report.mjs';

const usage = `usage: npm run bench -- [--rounds N] [--idle-rounds N] [--download-rounds N] [--report-rounds N] [--threads N] [--json FILE]

  --rounds N           rounds of the demo from nothing, beside a shell loop (5; 0 leaves them out)
  --idle-rounds N      rounds of commands that have nothing to do (11; 0 leaves them out)
  --download-rounds N  rounds of downloads from a Hub on this machine, beside other programs (5; 0 leaves them out)
  --report-rounds N    rounds of rendering the report of 34 types (7; 0 leaves them out)
  --threads N          threads for both sides (the machine's cores); with 1 both do one thing at a time
  --json FILE          the raw numbers
`;

// A tool that is interrupted ends by itself; its status then ends the benchmark, which takes its folder away.
process.on('SIGINT', () => {});
try {
  process.exitCode = await main(options());
} catch (error) {
  console.error(`error: ${error.message}`);
  process.exitCode = 2;
}

/** 0 when every limit holds, else 1. */
async function main({ rounds, idleRounds, downloadRounds, reportRounds, threads, json }) {
  // Where runs keep their results: on a disk like theirs, not in a temporary folder that may be memory.
  mkdirSync(join(repository, 'out'), { recursive: true });
  const folder = mkdtempSync(join(repository, 'out', 'bench-'));
  // There lie the locks by which all qpipe processes share the machine: another one shall show in the load, not hold this one up.
  process.env.TMPDIR = folder;
  try {
    const before = loadNow();
    const recorded = rounds + idleRounds === 0 ? null : runDemo({ out: join(folder, 'recorded'), threads, measureMemory: true });
    const cold = rounds === 0 ? null : await compareCold(recorded, { folder, rounds, threads });
    const idle = idleRounds === 0 ? null : compareIdle(recorded, { folder, rounds: idleRounds, threads });
    const download = downloadRounds === 0 ? null : await compareDownloads({ folder, rounds: downloadRounds });
    const page = reportRounds === 0 ? null : await measurePage({ folder, rounds: reportRounds });
    const measured = { machine: describeMachine(), load: { before, after: loadNow() }, cold, idle, download, page };
    if (json) writeFileSync(json, `${JSON.stringify(measured, null, 2)}\n`);
    console.log(report(measured));
    return isWithinLimits(measured) ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function options() {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '5' },
      'idle-rounds': { type: 'string', default: '11' },
      'download-rounds': { type: 'string', default: '5' },
      'report-rounds': { type: 'string', default: '7' },
      threads: { type: 'string' },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    process.exit(0);
  }
  return {
    rounds: count('--rounds', values.rounds),
    idleRounds: count('--idle-rounds', values['idle-rounds']),
    downloadRounds: count('--download-rounds', values['download-rounds']),
    reportRounds: count('--report-rounds', values['report-rounds']),
    threads: values.threads === undefined ? null : count('--threads', values.threads),
    json: values.json,
  };
}

function count(flag, text) {
  if (!/^\d+$/.test(text)) throw new Error(`${flag} takes a whole number`);
  return Number(text);
}
