import { decimalSize } from '../report/format.ts';
import type { Choice, Surroundings, Text, Wishes } from './choice.ts';
import { promptSpeed, roughly, tokensIn } from './guesses.ts';
import type { Looks } from './looks.ts';

interface Evaluation {
  text: string;
  context: number;
  chunks: number | 'all';
}

/** What the measuring of all files takes. */
export interface Measuring extends Choice<Evaluation | null> {
  /** Chunks of the importance matrix that go with it. */
  calibrationChunks: number;
  /** A guess. */
  seconds: number;
  /** Of the base's recording. */
  bytes: number;
}

interface Around extends Pick<Surroundings, 'cores' | 'disk'> {
  /** Null: nothing is evaluated. */
  text: Text | null;
  whyNot: string;
  /** Null without an importance matrix. */
  calibration: Text | null;
  /** Files that are measured, the base among them. */
  files: number;
  /** What is left of the hour. */
  seconds: number;
}

/** Chunks by falling precision; eight are the fewest from which errors can be told. */
const fewest = 8;
const ladder = [64, 48, 32, 24, 16, fewest];

/** Tokens per chunk; numbers of two contexts do not compare. */
const usualContext = 512;

export function chooseMeasuring(looks: Looks, { chunks: wished }: Wishes, around: Around): Measuring {
  const context = Math.max(32, Math.min(usualContext, looks.context ?? usualContext));
  const { text } = around;
  const most = text ? Math.max(2, Math.floor(tokensIn(text.bytes) / context)) : 0;
  const costs = (chunks: number) => costsOf(chunks, context, looks, around);
  if (text === null) return { value: null, why: around.whyNot, ...costs(0) };
  const limits: Limit[] = [
    { why: `that is all that ${text.name} has`, holds: (chunks) => chunks <= most },
    { why: 'more would take longer than an hour', holds: (chunks) => costs(chunks).seconds <= around.seconds },
    { why: 'more would fill a tenth of the free disk', holds: (chunks) => costs(chunks).bytes <= around.disk.freeBytes / 10 },
  ];
  const fitting = ladder.find((chunks) => limits.every(({ holds }) => holds(chunks)));
  const value = wished ?? fitting ?? Math.min(most, fewest);
  const { seconds, bytes, calibrationChunks } = costs(value === 'all' ? most : value);
  return {
    value: { text: text.name, context, chunks: value },
    seconds,
    bytes,
    calibrationChunks,
    why: [
      textInWords(text),
      wished !== undefined ? 'As many chunks as you said.' : chunksInWords(fitting, limits),
      `A guess: ${roughly(seconds)} on ${around.cores} cores without a GPU${around.calibration ? ', the importance matrix included' : ''}.`,
      `The base's recording takes ${decimalSize(bytes)} of disk. 16 chunks do for a quick look, 128 for differences between neighbours, or all.`,
      ...(looks.hasChatTemplate ? ['For a chat model, text as it meets it tells most.'] : []),
      'Flags: --text, --chunks.',
    ].join(' '),
  };
}

interface Limit {
  why: string;
  holds: (chunks: number) => boolean;
}

/** The importance matrix sees twice as much, within what serves it. */
function costsOf(chunks: number, context: number, looks: Looks, { files, cores, calibration }: Around) {
  const calibrationChunks = calibration
    ? Math.min(128, Math.max(32, 2 * chunks), Math.floor(tokensIn(calibration.bytes) / usualContext))
    : 0;
  const tokens = chunks === 0 ? 0 : chunks * context * (1 + files);
  const seconds = (tokens + calibrationChunks * usualContext) / promptSpeed(looks, cores);
  return { calibrationChunks, seconds, bytes: chunks * recordedBytes(context, looks.vocabulary) };
}

/** llama-perplexity records two bytes for each word of the vocabulary at every scored place. */
function recordedBytes(context: number, vocabulary: number): number {
  return 4 * context + (context - 1 - Math.floor(context / 2)) * 2 * (vocabulary + 4);
}

function textInWords({ name }: Text): string {
  if (name === 'default')
    return 'The text that ships with qpipe, about a small generated world: name one like those that the model will meet.';
  if (name === 'wikitext-2')
    return "WikiText-2's test part, on which most published numbers stand; `default` ships with qpipe, ./heldout.txt is yours.";
  return 'The text that you named; neither the model nor the importance matrix should have seen it.';
}

function chunksInWords(fitting: number | undefined, limits: Limit[]): string {
  if (fitting === ladder[0]) return `${fitting} chunks serve most purposes.`;
  const why = limits.find(({ holds }) => !holds(ladder[0] ?? fewest))?.why;
  if (fitting !== undefined) return `Not the usual ${ladder[0]} chunks: ${why}.`;
  return `Few chunks, although ${limits.find(({ holds }) => !holds(fewest))?.why}: errors cannot be told from fewer than ${fewest}.`;
}
