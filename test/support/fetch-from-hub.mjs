/** Fetches all files of a tree with the built library, in a process that a test may kill: node fetch-from-hub.mjs SPEC.json */
import { readFileSync } from 'node:fs';
import { openHub } from '../../dist/hub/open-hub.js';

const { site, tree } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const hub = openHub(site);
const say = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);
const { received } = await hub.fetch({ tree, revision: 'main', files: tree.files, onProgress: ({ phase }) => say({ phase }) });
say({ received, peakBytes: peakBytes() });
await hub.close();

/** The system's account of resources would count what the parent had when it made this process. */
function peakBytes() {
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
  return Number(kilobytes) * 1024;
}
