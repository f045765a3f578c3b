import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../package-root.ts';
import type { QuantType } from '../tools/llama-cpp.ts';

/** The release of llama.cpp that qpipe builds. The reasons for each value stand in vendor/llama.cpp/README.md. */
export interface Pin {
  /** The tag. */
  release: string;
  /** What the tools print: `0.5.0-dev`, then build number and commit. */
  version: string;
  buildNumber: number;
  commit: string;
  /** sha256 over the files that decide what the tools and the converter do, whichever way they came. */
  source: { covers: string[]; sha256: string };
  git: { repository: string };
  npm: { package: string; version: string; integrity: string; member: string };
  cmake: { minimum: string; flags: string[]; targets: string[] };
  python: { minimum: string; newest: string; torch: string };
  pypi: { ninja: string; cmake: string };
}

interface Patch {
  path: string;
  sha256: string;
}

export interface Vendored {
  pin: Pin;
  patches: Patch[];
  /** The converter's Python packages but torch, by exact version. */
  requirements: { path: string; packages: Requirement[]; sha256: string };
  /** The types that the release's llama-quantize lists, for a plan that is asked for before there is one. */
  types: QuantType[];
}

export interface Requirement {
  name: string;
  version: string;
}

const vendorFolder = join(packageRoot, 'vendor', 'llama.cpp');

export function readVendored(folder = vendorFolder): Vendored {
  const requirementsPath = join(folder, 'requirements.txt');
  const requirements = readFileSync(requirementsPath, 'utf8');
  return {
    pin: JSON.parse(readFileSync(join(folder, 'pin.json'), 'utf8')) as Pin,
    patches: readdirSync(join(folder, 'patches'))
      .filter((name) => name.endsWith('.patch'))
      .sort()
      .map((name) => ({ path: join(folder, 'patches', name), sha256: sha256(readFileSync(join(folder, 'patches', name))) })),
    types: JSON.parse(readFileSync(join(folder, 'types.json'), 'utf8')) as QuantType[],
    requirements: { path: requirementsPath, packages: parseRequirements(requirements), sha256: sha256(requirements) },
  };
}

/** The lines `name==version` of a requirements file. */
export function parseRequirements(text: string): Requirement[] {
  return text.split('\n').flatMap((line) => {
    const match = /^([\w.-]+)==([^\s;#]+)/.exec(line);
    return match?.[1] && match[2] ? [{ name: match[1], version: match[2] }] : [];
  });
}

export function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
