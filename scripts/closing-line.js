/** Prints `N passed, N failed, N skipped` of the last test run. Fails when a test failed, when none ran, and in CI when one was skipped. */
import { existsSync, readFileSync } from 'node:fs';

const file = 'coverage/tests.json';
const { success, testResults } = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { success: false, testResults: [] };
const states = testResults.flatMap((suite) => suite.assertionResults.map((test) => test.status));
const count = (...wanted) => states.filter((state) => wanted.includes(state)).length;
const brokenFiles = testResults.filter((suite) => suite.status === 'failed' && suite.assertionResults.every((test) => test.status !== 'failed'));

const failed = count('failed') + brokenFiles.length;
const skipped = count('skipped', 'pending', 'todo', 'disabled');
console.log(`${count('passed')} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = !success || failed > 0 || (process.env.CI === 'true' && skipped > 0) ? 1 : 0;
