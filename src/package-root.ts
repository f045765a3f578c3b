import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where qpipe is installed. Code lies at different depths in it: `src/`, `dist/`, and the command's own bundle. */
export const packageRoot = nearestPackage(dirname(fileURLToPath(import.meta.url)));

/** Texts that ship with qpipe, for pipelines that name none. */
export const builtinTexts = {
  calibration: join(packageRoot, 'imatrix', 'calibration.txt'),
  evaluation: join(packageRoot, 'pipelines', 'demo', 'evaluation.txt'),
};

/** qpipe's own version. */
export function version(): string {
  return (JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string }).version;
}

function nearestPackage(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : nearestPackage(dirname(folder));
}
