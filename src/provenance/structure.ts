import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { type Gguf, readGguf } from '../gguf/header.ts';
import { findNonFinite } from '../gguf/non-finite.ts';
import { splitSiblings } from '../gguf/split.ts';
import { ggufProblem } from '../gguf/validate.ts';

/** A GGUF with all of its parts; one that is not split is its only part. */
export type Whole = { parts: string[]; headers: Gguf[] };

/**
 * Looks at everything that can be told from a file alone: header, tensors within the file and beyond no end, parts that are all there and belong
 * together, and no infinity among the weights that are stored as floats. Returns what is wrong in a sentence.
 */
export async function structureOf(path: string): Promise<{ ok: true; whole: Whole } | { ok: false; problem: string }> {
  const parts = splitSiblings(path);
  const missing = parts.filter((part) => !existsSync(part));
  if (missing.length > 0)
    return { ok: false, problem: `${missing.map((part) => basename(part)).join(', ')} of its ${parts.length} parts is missing` };
  for (const part of parts) {
    const problem = ggufProblem(part);
    if (problem) return { ok: false, problem: inPart(part, parts, problem) };
  }
  const headers = parts.map(readGguf);
  const problem = splitProblem(headers);
  if (problem) return { ok: false, problem };
  for (const part of parts) {
    const bad = await findNonFinite(part);
    if (bad) return { ok: false, problem: inPart(part, parts, `${bad.tensor} holds ${bad.value}`) };
  }
  return { ok: true, whole: { parts, headers } };
}

function inPart(part: string, parts: string[], problem: string): string {
  const said = problem.replaceAll(`${part} is not a whole GGUF: `, '').replaceAll(part, basename(part));
  return parts.length > 1 ? `${basename(part)}: ${said}` : said;
}

/** Parts of two models may have names that follow each other. */
function splitProblem(headers: Gguf[]): string | null {
  const [first] = headers;
  const count = Number(first?.metadata.get('split.count') ?? 0);
  if (headers.length === 1) return count > 1 ? `it is one of ${count} parts, and its name does not say which` : null;
  if (count !== headers.length) return `its header speaks of ${count} parts, its name of ${headers.length}`;
  const astray = headers.findIndex(({ metadata }, i) => Number(metadata.get('split.no')) !== i);
  if (astray >= 0) return `part ${astray + 1} says that it is part ${Number(headers[astray]?.metadata.get('split.no')) + 1}`;
  const tensors = headers.reduce((total, header) => total + header.tensors.length, 0);
  const said = Number(first?.metadata.get('split.tensors.count'));
  return tensors === said ? null : `its parts hold ${tensors} tensors, its header speaks of ${said}`;
}
