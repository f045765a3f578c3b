// Imported into a process of Node that is to be measured (`node --import`): leaves its peak of resident memory, in kB, in a file.

import { writeFileSync } from 'node:fs';

process.on('exit', () => writeFileSync(process.env.PEAK_MEMORY_FILE, String(process.resourceUsage().maxRSS)));
