/** Runs a pipeline through the built library, in a process that a test may kill: node run-pipeline.mjs SPEC.json */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assemble, gatherFacts, loadPipeline, locateSources, plan, rememberedDigests, run, Store } from '../../dist/index.js';
import { builtinTexts } from '../../dist/package-root.js';
import { writeOutFolder } from '../../dist/view/out-folder.js';

const { file, out, tools, threads } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const loaded = loadPipeline(file, { env: {}, builtinTexts });
const store = Store.open(join(out, 'store'));
const digests = rememberedDigests(store.path('statcache.ndjson'));
const sources = await locateSources(loaded.pipeline, { digests });
const planned = plan(sources.pipeline, await gatherFacts(sources, tools, digests));
const result = await run(planned.plan, {
  store,
  digests,
  tools,
  hub: sources.hub,
  capacity: { threads, memoryBytes: 2 ** 33 },
  emit: (event) => console.log(JSON.stringify(event)),
});
await writeOutFolder(out, { plan: planned.plan, result, results: assemble(planned.plan, result, 'test'), store });
process.exitCode = [...result.outcomes.values()].every(({ state }) => state === 'made' || state === 'done') ? 0 : 1;
