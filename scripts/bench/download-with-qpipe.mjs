// Brings one file of a repo into the cache as a run of qpipe does: node download-with-qpipe.mjs REPO FILE

import { openHub } from '../../dist/hub/open-hub.js';
import { hubSite } from '../../dist/hub/site.js';

const [name, path] = process.argv.slice(2);
const repo = { type: 'model', name };
const hub = openHub(hubSite());
const tree = await hub.tree(repo, await hub.pin(repo, 'main'));
await hub.fetch({ tree, revision: 'main', files: tree.files.filter((file) => file.path === path) });
await hub.close();
