/** Publishes a finished run through the built library, in a process that a test may kill: node publish-process.mjs SPEC.json */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openHubWriter } from '../../dist/hub/open-writer.js';
import { publish } from '../../dist/publish/publish.js';
import { Store } from '../../dist/store/store.js';

const { out, site, results, kept, destination } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
console.log('begun');
const outcome = await publish(results, destination, kept, {
  store: Store.open(join(out, 'store')),
  asked: true,
  dryRun: false,
  openWriter: async () => openHubWriter(site),
});
console.log(JSON.stringify(outcome.state));
