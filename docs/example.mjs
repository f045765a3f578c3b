// Makes four quants of a model and prints the smallest one that changes fewer than one next token in twenty.
// Says first what is to do, and stops in good order on Ctrl-C.
//
//   node docs/example.mjs pipelines/demo out

import { join, resolve } from 'node:path';
import {
  assemble,
  findTools,
  formatDiagnostics,
  gatherFacts,
  loadPipelineText,
  locateSources,
  plan,
  preview,
  reasonInShort,
  rememberedDigests,
  report,
  run,
  Store,
  version,
} from 'qpipe';

const folder = resolve(process.argv[2] ?? 'pipelines/demo');
const out = resolve(process.argv[3] ?? 'out');
const stop = new AbortController();
process.once('SIGINT', () => stop.abort());

// 1. A pipeline: YAML from a file (loadPipeline) or from a string. Mistakes come back as values.
const loaded = loadPipelineText(
  `
name: example
model: ${folder}
imatrix: ${resolve('imatrix/calibration.txt')}
quants: [Q3_K_M, Q4_K_M, Q5_K_M, Q8_0]
evaluate: { text: ${join(folder, 'evaluation.txt')}, chunks: 16 }
bench: none
`,
  { file: null, folder: process.cwd() },
);
if (!loaded.ok) throw new Error(formatDiagnostics(loaded.diagnostics));

// 2. The tools: found, or obtained, built and tested. `path`, `cmake` and `python` are what the command line calls
//    --llama-cpp, --cmake and --python.
const tools = await findTools({ path: null, cmake: [], python: null, needConverter: true, offline: false }, () => {}, stop.signal);

// 3. Where its files lie (those of the Hub are looked at there), facts from outside, then the plan: a plain value.
const store = Store.open(join(out, 'store'));
const digests = rememberedDigests(store.path('statcache.ndjson'), { signal: stop.signal });
const sources = await locateSources(loaded.pipeline, { digests, signal: stop.signal });
if (!sources.ok) throw new Error(sources.problems.map((problem) => problem.message).join('\n'));
const facts = await gatherFacts(sources, tools, digests);
const planned = plan(sources.pipeline, facts);
if (!planned.ok) throw new Error(planned.problems.map((problem) => problem.message).join('\n'));

// 4. What a run would do, why, and how much it would write. Nothing is made for this.
const ahead = await preview(planned.plan, facts, { store, signal: stop.signal });
for (const { id, state, reasons } of ahead.tasks) if (state !== 'made') console.error(`${id}: ${reasons.map(reasonInShort).join(', ')}`);
console.error(`${(ahead.disk.peakBytes / 1e6).toFixed(1)} MB to write`);

// 5. The run speaks only in events; what is in the store already is taken from there.
const result = await run(planned.plan, {
  store,
  digests,
  tools,
  hub: sources.hub,
  capacity: { threads: 2, memoryBytes: 4e9 },
  signal: stop.signal,
  emit: (event) => {
    if (event.type === 'task-done') console.error(`${event.task}: ${event.seconds.toFixed(1)} s`);
    if (event.type === 'task-failed') console.error(`${event.task}: ${event.message}`);
  },
});

if (result.stopped) throw new Error('stopped; what is finished is kept');

// 6. Results are a value too, the same as results.json.
const results = assemble(planned.plan, result, version());
const good = results.rows.filter((row) => row.kind === 'quant' && row.quality && row.quality.sameTopP.value > 95);
const [smallest] = good.toSorted((a, b) => a.file.bytes - b.file.bytes);
console.log(report(results, 'md'));
console.log(smallest ? `Smallest above 95 % same top p: ${smallest.name}` : 'None is above 95 % same top p.');
