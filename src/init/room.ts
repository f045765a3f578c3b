import { decimalSize } from '../report/format.ts';
import type { Choice, Keep, Surroundings, Wishes } from './choice.ts';
import { type Looks, makesFiles } from './looks.ts';
import type { SizeOf } from './type-sizes.ts';

/** What may give way where the disk is small. */
interface Roomy {
  keep: Keep;
  quants: string[];
  hasBench: boolean;
}

export interface Room extends Choice<Roomy> {
  /** What the disk lacks all the same, in a sentence; null when all of it fits. */
  short: string | null;
}

interface Around extends Pick<Surroundings, 'cores' | 'disk'> {
  sizeOf: SizeOf;
  /** Of the base's recording. */
  recordedBytes: number;
  /** A quant that stands in for the base, or null. */
  standIn: string | null;
  quants: string[];
  hasBench: boolean;
  /** Of finished files that are measured too. */
  comparedBytes: number;
}

/** Others write to the same disk. */
const usable = 0.95;

/** Keeps what fits; else drops files when they are measured, which benchmarks at the end would prevent; else leaves out the largest types. */
export function chooseRoom(looks: Looks, wishes: Wishes, around: Around): Room {
  const { disk } = around;
  const options = optionsOf(wishes, around);
  const fetched = looks.bytesToFetch + around.comparedBytes;
  const needs = (option: Roomy) => (disk.cacheFreeBytes === null ? fetched : 0) + peakOf(option, looks, around);
  const isRoomForDownloads = disk.cacheFreeBytes === null || fetched <= usable * disk.cacheFreeBytes;
  const fitting = options.find((option) => needs(option) <= usable * disk.freeBytes);
  const value = fitting ?? (options.at(-1) as Roomy);
  const all = `${decimalSize(needs(options[0] as Roomy))} with ${decimalSize(disk.freeBytes)} free`;
  const short = fitting && isRoomForDownloads ? null : shortage(fetched, needs(value), disk);
  return { value, short, why: short ?? inWords(value, around, wishes, all) };
}

function optionsOf({ keep, bench, quants }: Wishes, around: Around): Roomy[] {
  const { hasBench } = around;
  const dropping = bench === true ? [] : [{ keep: 'none' as const, quants: around.quants, hasBench: false }];
  const whole = { keep: keep ?? 'all', quants: around.quants, hasBench };
  const options: Roomy[] = keep === undefined ? [whole, ...dropping] : [whole];
  const last = options.at(-1) as Roomy;
  const fewer = quants
    ? []
    : around.quants.slice(1).map((_, i) => ({ ...last, quants: mostWanted(around.quants, around.quants.length - 1 - i) }));
  return [...options, ...fewer];
}

/** The types that most people take come first. */
const wanted = ['Q4_K_M', 'Q5_K_M', 'Q3_K_M', 'Q6_K', 'Q8_0', 'Q2_K', 'IQ3_XXS', 'IQ2_M'];

function mostWanted(quants: string[], count: number): string[] {
  const chosen = quants.toSorted((a, b) => wanted.indexOf(a) - wanted.indexOf(b)).slice(0, count);
  return quants.filter((type) => chosen.includes(type));
}

/** The most that lies there at one time: without benchmarks, files that are not kept go one by one, as many at once as there are cores. */
function peakOf({ keep, quants, hasBench }: Roomy, looks: Looks, { sizeOf, cores, recordedBytes, standIn }: Around): number {
  if (!makesFiles(looks)) return recordedBytes;
  const sizes = quants.map(sizeOf).toSorted((a, b) => b - a);
  const atOnce = keep === 'none' && !hasBench ? sizes.slice(0, cores) : sizes;
  const converted = looks.source.kind === 'gguf' ? 0 : looks.fullBytes;
  return converted + (standIn === null ? 0 : sizeOf(standIn)) + recordedBytes + sum(atOnce);
}

function inWords({ keep, quants, hasBench }: Roomy, around: Around, wishes: Wishes, all: string): string {
  const dropped = around.quants.filter((type) => !quants.includes(type));
  if (wishes.keep !== undefined && dropped.length === 0) return `As you said. All of it takes about ${all}.`;
  if (keep === 'all' && dropped.length === 0)
    return `Every file stays, about ${all}. \`none\` removes each file once it is measured, and its numbers stay. Flag: --keep.`;
  return [
    `All of it would take about ${all}, so each file goes once it is measured; its numbers stay.`,
    ...(dropped.length > 0 ? [`For the same reason left out: ${dropped.join(', ')}.`] : []),
    ...(hasBench || !around.hasBench ? [] : ['Speed is not measured, because that comes last and would keep all files until then.']),
    '`all` keeps them. Flag: --keep.',
  ].join(' ');
}

function shortage(fetched: number, needed: number, { freeBytes, cacheFreeBytes }: Surroundings['disk']): string {
  const download = cacheFreeBytes === null ? '' : `, and ${decimalSize(fetched)} of downloads with ${decimalSize(cacheFreeBytes)} free`;
  return `The disk is too small: about ${decimalSize(needed)} are needed at one time with ${decimalSize(freeBytes)} free${download}. Make room, or name another disk with --out and HF_HUB_CACHE.`;
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
