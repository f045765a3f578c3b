import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { oracle } from '../support/oracle.ts';
import { workspace } from '../support/workspace.ts';

const recorder = fileURLToPath(new URL('../../scripts/record-oracle.py', import.meta.url));
const fixtures = fileURLToPath(new URL('../fixtures', import.meta.url));
const packages = [...readFileSync(recorder, 'utf8').matchAll(/(?:numpy|scipy)==[\d.]+/g)].map(([name]) => name);

test('NumPy and SciPy compute from the recorded output what the fixture says', () => {
  using space = workspace();
  const python = space.path('venv', 'bin', 'python');
  execFileSync('python3', ['-m', 'venv', space.path('venv')]);
  execFileSync(python, ['-m', 'pip', 'install', '--quiet', ...packages], { stdio: 'ignore' });
  const anew = JSON.parse(execFileSync(python, [recorder, fixtures], { encoding: 'utf8' }));
  expect(packages).toContain(`numpy==${oracle.numpy}`);
  expectNear(anew, oracle, '');
});

/** Another processor adds in another order. */
function expectNear(value: unknown, recorded: unknown, place: string): void {
  if (typeof value === 'number' && typeof recorded === 'number') {
    expect(Math.abs(value - recorded), place).toBeLessThanOrEqual(1e-9 * Math.max(1e-3, Math.abs(recorded)));
  } else if (typeof value === 'object' && value !== null && typeof recorded === 'object' && recorded !== null) {
    expect(Object.keys(value), place).toEqual(Object.keys(recorded));
    for (const [key, part] of Object.entries(value)) expectNear(part, (recorded as Record<string, unknown>)[key], `${place}.${key}`);
  } else expect(value, place).toEqual(recorded);
}
