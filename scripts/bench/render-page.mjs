// Seconds that the page of saved results takes in a process that has just begun: `node render-page.mjs RESULTS`.

import { readFileSync } from 'node:fs';
import { report } from '../../dist/report/index.js';

const results = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const started = performance.now();
report(results, 'html');
console.log((performance.now() - started) / 1000);
