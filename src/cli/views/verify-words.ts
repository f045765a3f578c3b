import { harmless, harmlessAll } from '../../harmless.ts';
import type { FileVerdict } from '../../provenance/verify-file.ts';
import type { ManifestVerdict } from '../../provenance/verify-manifest.ts';
import type { StoreVerdict } from '../../provenance/verify-store.ts';
import { decimalSize } from '../../report/format.ts';

export interface Verdicts {
  files: FileVerdict[];
  manifests: ManifestVerdict[];
  /** Null where nobody asked. */
  store: StoreVerdict | null;
}

/** A sentence for each file, and below it what it is made of. */
export function verdictsInWords({ files, manifests, store }: Verdicts): string {
  const lines = [...files.flatMap(fileInWords), ...manifests.flatMap(manifestInWords), ...(store ? storeInWords(store) : [])];
  return harmless(`${lines.join('\n')}\n`);
}

export function verdictsAsJson(verdicts: Verdicts): string {
  return `${JSON.stringify(harmlessAll(verdicts), null, 2)}\n`;
}

const inWords: Record<FileVerdict['verdict'], string> = {
  'is-what-it-says': 'is what it says',
  'says-nothing': 'says nothing of its making',
  unconfirmed: 'says what nobody here can confirm',
  'is-not-what-it-says': 'IS NOT WHAT IT SAYS',
  broken: 'IS BROKEN',
};

function fileInWords({ file, parts, verdict, reason, says }: FileVerdict): string[] {
  const many = parts > 1 ? ` (${parts} parts)` : '';
  const keys = Object.entries(says).map(([key, value]) => `  ${key.padEnd(14)}  ${value}`);
  return [`${file}${many} ${inWords[verdict]}: ${reason}`, ...keys];
}

function manifestInWords({ file, verdict, problems, files, chain, toTheFirst }: ManifestVerdict): string[] {
  const here = files.filter(({ state }) => state === 'as-it-says').length;
  const end = toTheFirst ? 'to the first one' : 'as far as they are here';
  const before = chain.length === 0 ? 'it is the first build' : `${count(chain.length, 'build')} before it, ${end}`;
  return [
    `${file} ${verdict === 'holds' ? 'holds' : 'DOES NOT HOLD'}: ${here} of its ${count(files.length, 'file')} beside it as it says; ${before}`,
    ...problems.map((problem) => `  ${problem}`),
    ...chain.map(({ run, state }) => `  ${run}  ${state.replaceAll('-', ' ')}`),
  ];
}

function storeInWords({ objects, bytes, records, gone, problems }: StoreVerdict): string[] {
  const dropped = gone > 0 ? `; ${count(gone, 'object')} that records speak of are not kept any more` : '';
  const verdict = problems.length === 0 ? 'all as they should be' : `${count(problems.length, 'problem')}`;
  return [
    `the store: ${count(objects, 'object')} (${decimalSize(bytes)}) and ${count(records, 'record')}, ${verdict}${dropped}`,
    ...problems.map(({ id, kind, problem, task }) => `  ${kind} ${id}${task === null ? '' : ` (${task})`}: ${problem}`),
    ...(problems.length > 0 ? ['  The next run makes again what it needs of these.'] : []),
  ];
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
