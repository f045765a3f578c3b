import type { ResultRow, Results } from '../results/schema.ts';
import { decimalSize } from './format.ts';
import { dominatorOf } from './front.ts';
import { arithmeticInWords, flipsInWords, furtherConditions } from './quality-words.ts';
import { resemblance } from './resemblance.ts';
import { sampleConditions, samplesInWords } from './sample-words.ts';
import { loadConditions, speedConditions } from './speed-words.ts';

/** "1 of 12 next tokens changes": same top p for people. */
export function changedTokens(sameTopP: number): string {
  const changed = 1 - sameTopP / 100;
  if (changed <= 0) return 'no next token changes';
  const oneOf = 1 / changed;
  return oneOf < 1.5 ? 'nearly every next token changes' : `1 of ${oneOf < 10 ? round(oneOf) : Math.round(oneOf)} next tokens changes`;
}

/** A row's numbers as a sentence, and what else a reader should know of it. Empty when there is nothing to say. */
export function inWords(row: ResultRow, results: Results): string {
  const tokens = row.quality && row.kind !== 'base' ? [changedTokens(row.quality.sameTopP.value)] : [];
  return [...tokens, ...remarksOn(row, results)].join('; ');
}

/** What a reader should know of a row beyond its numbers; most telling first. */
export function remarksOn(row: ResultRow, results: Results): string[] {
  return [
    ...row.marks,
    ...sameAs(row, results),
    ...beatenBy(row, results),
    ...fallbacks(row),
    ...raised(row),
    ...arithmeticInWords(row),
    ...flipsInWords(row),
    ...samplesInWords(row),
    ...missing(row, results),
    ...noise(row),
    ...otherSession(row, results),
  ];
}

function beatenBy(row: ResultRow, results: Results): string[] {
  const best = dominatorOf(row, results);
  return best ? [`beaten by ${best.name}: ${best.file?.bytes === row.file?.bytes ? 'as small' : 'smaller'} and closer`] : [];
}

/** A type that makes, for this model, what another one makes: pointless here. */
function sameAs(row: ResultRow, results: Results): string[] {
  const earlier = results.rows.slice(0, results.rows.indexOf(row));
  const twin = earlier.find((other) => other.kind === 'quant' && row.kind === 'quant' && isTwin(other, row));
  return twin ? [`pointless here: the same tensors as ${twin.name}`] : [];
}

function isTwin(a: ResultRow, b: ResultRow): boolean {
  if (!a.quality || !b.quality || a.file?.bpw !== b.file?.bpw) return false;
  return (
    a.quality.blocks.length > 0 && JSON.stringify(a.quality.blocks) === JSON.stringify(b.quality.blocks) && a.quality.ppl === b.quality.ppl
  );
}

function fallbacks({ file, type }: ResultRow): string[] {
  const fallen = file?.fallbacks ?? [];
  const count = fallen.length;
  if (!file || count === 0) return [];
  const kinds = [...new Set(fallen.map(({ wanted, got }) => `${wanted} to ${got}`))].join(', ');
  return [
    `${count} tensor${count === 1 ? '' : 's'} do${count === 1 ? 'es' : ''} not fit ${type} and fell back (${kinds}): really ${file.bpw.toFixed(2)} bpw`,
  ];
}

function raised({ file }: ResultRow): string[] {
  const count = file?.raised?.length ?? 0;
  return count > 0 ? [`${count} tensor${count === 1 ? '' : 's'} without imatrix entries raised to a safe type`] : [];
}

function missing({ notMeasured }: ResultRow, results: Results): string[] {
  const own = Object.entries(notMeasured).filter(([part, reason]) => !isSaidOfAll(part, reason, results));
  return own.map(([part, reason]) => `${part} not measured: ${reason}`);
}

/** Parts that no row has, for one reason: said once. */
function missingEverywhere(results: Results): string[] {
  const [first] = results.rows;
  const common = Object.entries(first?.notMeasured ?? {}).filter(([part, reason]) => isSaidOfAll(part, reason, results));
  return common.map(([part, reason]) => `${part[0]?.toUpperCase()}${part.slice(1)} not measured: ${reason}.`);
}

function isSaidOfAll(part: string, reason: string | undefined, { rows }: Results): boolean {
  return rows.length > 1 && rows.every((row) => row.notMeasured[part as keyof ResultRow['notMeasured']] === reason);
}

function noise({ promptSpeed, generationSpeed }: ResultRow): string[] {
  const noisy = [...(promptSpeed?.noisy ? ['pp'] : []), ...(generationSpeed?.noisy ? ['tg'] : [])];
  return noisy.length > 0 ? [`noisy ${noisy.join(' and ')}`] : [];
}

/** Neighbours in the order of divergence that the numbers cannot tell apart. */
function ties(results: Results): string[] {
  const tied = results.neighbours.filter((pair) => pair.verdict === 'tied');
  return tied.map(({ better, worse }) => `${better} and ${worse} are tied: their difference in KLD is within its error.`);
}

function besideTheRows({ companions = [] }: Results): string[] {
  return companions.map(({ name, bytes, kind }) => `${name} (${decimalSize(bytes)}) goes with every quant: ${uses[kind]}.`);
}

/** How llama.cpp takes them. */
const uses = {
  mmproj: 'what the model sees and hears with (`--mmproj`)',
  mtp: 'its layers for further tokens (`--spec-type draft-mtp -md`)',
};

/** What must be said of the results as a whole. */
export function findings(results: Results): string[] {
  return [
    ...(results.generationLimit ? [results.generationLimit.sentence] : []),
    ...besideTheRows(results),
    ...results.notes,
    ...missingEverywhere(results),
    ...ties(results),
    ...resemblance(results),
    ...cutOff(results),
    ...results.leftOut.map(({ type, reason }) => `${type} left out: ${reason}.`),
    ...results.failures.map(({ task, message }) => `${task} failed: ${message}`),
  ];
}

/** Beyond that, the base's own PPL ratio would show in a quant's. */
const ownRatio = 0.001;

/**
 * The recording holds no probability below about e^-16 of the likeliest token's. On a text with many such tokens the recorded base seems
 * better than it is, and every ratio to it is too high: the base's own by as much.
 */
function cutOff({ rows, conditions }: Results): string[] {
  const base = rows.find(({ kind }) => kind === 'base');
  const texts = [[conditions.evaluation?.text, base?.quality] as const, ...Object.entries(base?.slices ?? {})];
  return texts.flatMap(([text, quality]) =>
    quality && Math.abs(quality.pplRatio.value - 1) > ownRatio
      ? [
          `PPL ratios on ${text} are off: the base against its own recording has ${quality.pplRatio.value.toFixed(4)} where 1 is right, as the recording cuts off the unlikeliest tokens. Divide by that one, or compare PPL; KLD hardly feels it.`,
        ]
      : [],
  );
}

/** Rounds of different sessions were not interleaved: the machine may have been another one then, so to speak. */
function otherSession(row: ResultRow, { rows }: Results): string[] {
  const base = rows.find((other) => other.kind === 'base')?.generationSpeed;
  const own = row.generationSpeed;
  if (!base || !own || (own.from <= base.to && base.from <= own.to)) return [];
  return [`its speed was measured in another session than the base's (${own.from.slice(0, 16).replace('T', ' ')} UTC)`];
}

/** The lines under every report that make its numbers mean something. */
export function conditionsInWords(results: Results): string[] {
  const { conditions: c, basePpl } = results;
  const evaluation =
    c.evaluation && results.rows.some((row) => row.quality)
      ? [
          `Quality: against ${c.base} on ${c.evaluation.text} (sha256 ${c.evaluation.sha256.slice(0, 12)}), ${c.evaluation.chunks} chunks of ${c.evaluation.context} tokens${c.evaluation.rendering ? `, ${c.evaluation.rendering}` : ''}; ± is a 95 % interval over blocks of chunks.`,
        ]
      : [];
  const ppl = basePpl
    ? [
        `Base perplexity: ${basePpl.value.toFixed(4)}${basePpl.low === undefined ? ` (n=${basePpl.n})` : ` [${basePpl.low.toFixed(4)}, ${basePpl.high?.toFixed(4)}]`}.`,
      ]
    : [];
  const gpu = c.gpuLayers === null ? '' : `, ${c.gpuLayers} layers on the GPU`;
  const args = Object.entries(c.args).map(([tool, list]) => `Extra arguments of ${tool}: ${list.join(' ')}.`);
  return [
    ...evaluation,
    ...(c.evaluation?.chosen ? [`Chunks, ${c.evaluation.chosen}.`] : []),
    ...furtherConditions(results),
    ...ppl,
    ...(c.imatrix ? [`Importance matrix: ${c.imatrix}.`] : ['Importance matrix: none.']),
    ...speedConditions(results),
    ...loadConditions(results),
    `llama.cpp ${c.build} (build ${c.buildId.slice(0, 12)})${gpu}.`,
    ...sampleConditions(results),
    ...args,
    `Run ${results.run.id}, qpipe ${results.run.qpipe}.`,
  ];
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
