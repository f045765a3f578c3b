import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readJson } from './json-file.ts';

/** One package that pip resolved. */
export interface Resolved {
  name: string;
  version: string;
  url: string;
}

interface Report {
  install: { metadata: { name: string; version: string }; download_info: { url: string } }[];
}

/** pip's `--report` file. */
export function readReport(path: string): Resolved[] {
  const report = readJson<Report>(path);
  return (report?.install ?? []).map((item) => ({ name: item.metadata.name, version: item.metadata.version, url: item.download_info.url }));
}

/** The package a line begins with: `Collecting numpy==2.4.6 (from -r ...)`, `Processing /wheels/torch-2.13.0-....whl`. */
export function startedPackage(line: string): string | null {
  const named = /^Collecting ([\w.-]+)/.exec(line)?.[1];
  const file = /^Processing \S*?([^/\s]+?)-\d[^/\s]*\.(?:whl|tar\.gz)/.exec(line)?.[1];
  const name = named ?? file;
  return name === undefined ? null : normalised(name);
}

export function isInstalling(line: string): boolean {
  return line.startsWith('Installing collected packages');
}

/** Package names are equal when they are so in this form (PEP 503). */
export function normalised(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

/** pip's own last ERROR line, without the hint lines around it. */
export function pipProblem(output: string): string | null {
  return (
    output
      .split('\n')
      .findLast((line) => line.startsWith('ERROR: '))
      ?.slice('ERROR: '.length) ?? null
  );
}

/** The sizes of what would be downloaded, and the names of those that do not say. A file on this machine needs no download. */
export async function downloadSizes(packages: Resolved[], fetchSize = headSize): Promise<{ bytes: number; unknown: string[] }> {
  const sizes = await Promise.all(packages.map((item) => (item.url.startsWith('file:') ? fileSize(item.url) : fetchSize(item.url))));
  return {
    bytes: sizes.reduce((sum: number, size) => sum + (size ?? 0), 0),
    unknown: packages.filter((_, i) => sizes[i] === null).map((item) => item.name),
  };
}

function fileSize(url: string): number | null {
  return statSync(fileURLToPath(url), { throwIfNoEntry: false })?.size ?? null;
}

/** Node's fetch does not use the user's proxy; where that is needed the size stays unknown, which is said. */
async function headSize(url: string): Promise<number | null> {
  try {
    const response = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(5000) });
    const length = response.headers.get('content-length');
    return response.ok && length !== null ? Number(length) : null;
  } catch {
    return null;
  }
}
