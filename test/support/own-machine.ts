import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/**
 * Imported for its effect: the test file gets a temporary folder of its own, and with it the locks by which tasks of all qpipe
 * processes share the machine. Another test file, or a run beside the tests, cannot hold up its benchmarks.
 */
const own = mkdtempSync(join(tmpdir(), 'qpipe-tests-'));
process.env['TMPDIR'] = own;
afterAll(() => rmSync(own, { recursive: true, force: true }));
