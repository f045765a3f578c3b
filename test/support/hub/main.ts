/**
 * The local Hub as a process of its own, for benchmarks and for tests that must not share a process with it:
 *
 *     npx tsc -p test/support/hub --outDir FOLDER && node FOLDER/main.js '{"pageSize": 50}'
 *
 * Prints `{"endpoint": ..., "cdn": ...}` in one line when it is ready, is told what to serve at `/_control/`, and ends when its
 * standard input does, which it also does when whoever started it was killed.
 */
import { startHub } from './start-hub.ts';

const hub = await startHub(JSON.parse(process.argv[2] ?? '{}'));
console.log(JSON.stringify({ endpoint: hub.endpoint, cdn: hub.cdn }));
process.stdin.resume();
for (const end of ['end', 'error']) process.stdin.once(end, () => void hub.close());
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.stdin.destroy() && void hub.close());
