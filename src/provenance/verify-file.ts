import { basename } from 'node:path';
import { joinedDigest } from '../gguf/joined-digest.ts';
import { ggufProblem } from '../gguf/validate.ts';
import { weightsDigest, weightsOutline } from '../gguf/weights-digest.ts';
import { isProvenanceKey } from '../plan/provenance.ts';
import { sha256File } from '../store/digest.ts';
import type { ReadManifest } from './read-manifest.ts';
import { structureOf, type Whole } from './structure.ts';
import { manifestInWords, type Witness } from './witness.ts';

/**
 * `says-nothing`: no `qpipe.*` keys, made by others; its structure is all that could be checked.
 * `unconfirmed`: it says something, and nothing here knows such a file.
 */
type Verdict = 'is-what-it-says' | 'says-nothing' | 'unconfirmed' | 'is-not-what-it-says' | 'broken';

export interface FileVerdict {
  file: string;
  /** More than one for a split file. */
  parts: number;
  /** Of a split file, that of the file which it was cut from. Null for a broken one, and where that cannot be told. */
  sha256: string | null;
  verdict: Verdict;
  /** What was found, for people. */
  reason: string;
  says: Record<string, string>;
  /** The first place where the file and what is known of it differ. */
  difference: Difference | null;
}

/** What the file has, and what it should have. */
interface Difference {
  what: string;
  is: string | null;
  known: string | null;
  /** Who knows it. */
  where: string;
}

export interface VerifyOptions {
  witnesses: Witness[];
  /** Its files are held to it by their names. */
  beside: ReadManifest | null;
  signal?: AbortSignal;
  onRead?: (bytes: number) => void;
}

/** A file by itself, then beside what is known of it. */
export async function verifyFile(file: string, options: VerifyOptions): Promise<FileVerdict> {
  const structure = await structureOf(file);
  if (!structure.ok) {
    return { file, parts: 0, sha256: null, verdict: 'broken', reason: structure.problem, says: {}, difference: null };
  }
  const { whole } = structure;
  const says = saidIn(whole);
  const sha256 = whole.parts.length > 1 ? await joinedDigest(whole.parts, options.onRead) : await sha256File(file, options);
  const known = { file, parts: whole.parts.length, sha256, says };
  const judged = await judge(whole, { ...known, options });
  return { ...known, ...judged };
}

/** A file's own keys. */
export function saidIn({ headers: [first] }: Whole): Record<string, string> {
  const keys = [...(first?.metadata ?? [])].filter(([key]) => isProvenanceKey(key));
  return Object.fromEntries(keys.map(([key, value]) => [key, String(value)]));
}

interface Asked extends Pick<FileVerdict, 'file' | 'sha256' | 'says'> {
  options: VerifyOptions;
}

type Judged = Pick<FileVerdict, 'verdict' | 'reason' | 'difference'>;

async function judge(whole: Whole, asked: Asked): Promise<Judged> {
  const { sha256, says, options } = asked;
  const same = options.witnesses.find((witness) => witness.sha256 === sha256) ?? (await sameWeights(whole, says, options.witnesses));
  if (same) return compared(asked, same);
  const promised = promisedBeside(asked);
  if (promised) return otherThan(asked, promised);
  const silent = Object.keys(says).length === 0;
  if (silent)
    return { verdict: 'says-nothing', reason: 'its structure is whole; it has no qpipe keys, so others made it', difference: null };
  const twin = sha256 === null ? undefined : options.witnesses.find((witness) => differenceOf(says, witness) === null);
  if (twin) return otherThan(asked, twin);
  const forged = await sameWeights(whole, null, options.witnesses);
  if (forged) return otherThan(asked, forged);
  const reason =
    'its structure is whole, but nothing here knows such a file: put its manifest.json beside it, or name the store with --out';
  return { verdict: 'unconfirmed', reason, difference: null };
}

/** The same bytes, or the same weights in several parts. */
function compared({ says }: Asked, witness: Witness): Judged {
  const difference = differenceOf(says, witness);
  if (difference) return isNot(difference);
  return { verdict: 'is-what-it-says', reason: `as ${witness.where} has it`, difference: null };
}

function otherThan({ says, sha256 }: Asked, witness: Witness): Judged {
  const bytes = { what: 'sha256', is: sha256, known: witness.sha256, where: witness.where };
  return isNot(differenceOf(says, witness) ?? bytes);
}

function isNot(difference: Difference): Judged {
  const { what, is, known, where } = difference;
  const reason = `${what} is ${is ?? 'not there'}; ${where} has ${known ?? 'none'}`;
  return { verdict: 'is-not-what-it-says', reason, difference };
}

/** The first key that differs, by name. */
function differenceOf(says: Record<string, string>, { says: known, where }: Witness): Difference | null {
  const keys = [...new Set([...Object.keys(says), ...Object.keys(known)])].sort();
  const what = keys.find((key) => says[key] !== known[key]);
  return what === undefined ? null : { what, is: says[what] ?? null, known: known[what] ?? null, where };
}

/** What the manifest beside it has under its name: a file that took another one's place. */
function promisedBeside({ file, options: { beside } }: Asked): Witness | null {
  const entry = beside?.manifest.files.find(({ name }) => name === basename(file));
  return entry && beside ? { ...entry, where: manifestInWords(beside.manifest), object: null } : null;
}

/** A file in the store with the very same tensors. @param says only one with these keys; null for any */
async function sameWeights(whole: Whole, says: Record<string, string> | null, witnesses: Witness[]): Promise<Witness | null> {
  if (says !== null && whole.parts.length === 1) return null;
  const outline = weightsOutline(whole.parts);
  const alike = witnesses.flatMap((witness) => {
    const { object } = witness;
    const isCandidate = object !== null && (says === null || !differenceOf(says, witness)) && ggufProblem(object) === null;
    return isCandidate && weightsOutline([object]) === outline ? [{ witness, object }] : [];
  });
  if (alike.length === 0) return null;
  const digest = await weightsDigest(whole.parts);
  for (const { witness, object } of alike) if ((await weightsDigest([object])) === digest) return witness;
  return null;
}
