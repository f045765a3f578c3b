import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../errors.ts';
import { freeBytes } from '../../free-bytes.ts';
import { type Gguf, readGguf, tokenizerDigest, whyNoPerplexity } from '../../gguf/header.ts';
import { announcedChunks, chunkProgress } from '../../tools/chunks.ts';
import { failure, logitsArgs, logitsFile, readLogits, recordingBytes } from '../../tools/perplexity.ts';
import type { Operation, Printed } from '../operation.ts';
import { Disbelieved } from '../tool-failure.ts';
import { fileName } from './names.ts';
import { untilFinalBlock } from './retry.ts';
import { refuseTooFewChunks, tooFewChunks } from './too-few-chunks.ts';

export interface LogitsResult {
  chunks: number;
  context: number;
  vocabulary: number;
  ppl: number;
  /** Digest of the model's tokenizer. Absent in older records. */
  tokenizer?: string;
  /** Perplexity over the first 1, 2, 3 ... chunks, as printed. */
  runningPpl: number[];
}

const output = 'base.kld';

/** Records the base model's next-token distribution over the evaluation text; every quant is compared with it. */
export const logits: Operation<'logits'> = async (work) => {
  const { task, folder, threads, tools, call } = work;
  const { context, chunks, atMost = false, gpuLayers, args } = task.params;
  const wanted = { text: 'evaluation', context, chunks: atMost ? 'all' : chunks } as const;
  const model = readGguf(join(folder, fileName(task, 'model')));
  const unfit = whyNoPerplexity(model);
  if (unfit) throw new Failure(`its perplexity cannot be measured: ${unfit}`);
  const read = await untilFinalBlock(work, async () => {
    const printed: Printed = await call({
      name: 'llama-perplexity',
      file: tools.binaries.perplexity,
      args: logitsArgs({
        model: fileName(task, 'model'),
        text: fileName(task, 'text'),
        output,
        context,
        chunks,
        threads,
        gpuLayers,
        extra: args,
      }),
      progress: chunkProgress(),
      refuse: (line) => refuseTooFewChunks(wanted)(line) ?? noRoomFor(announcedChunks(line), context, model, folder),
      explain: failure,
    });
    const header = logitsFile(firstBytes(join(folder, output)));
    if (!header)
      throw new Disbelieved(
        `llama-perplexity recorded no logits: ${failure(printed.stdout, printed.stderr) ?? 'the text may be too short, or the disk full'}`,
      );
    return { header, ...readLogits(printed.stdout, printed.stderr, header.chunks) };
  });
  const { header } = read;
  const problem = tooFewChunks(header.chunks, wanted);
  if (problem) throw new Failure(problem);
  const size = statSync(join(folder, output)).size;
  if (size !== header.bytes)
    throw new Disbelieved(`the recorded logits have ${size} bytes instead of ${header.bytes}: the disk may be full`);
  return {
    chunks: header.chunks,
    context: header.context,
    vocabulary: header.vocabulary,
    tokenizer: tokenizerDigest(model),
    ppl: read.ppl,
    runningPpl: read.runningPpl,
  } satisfies LogitsResult;
};

/** The tool does not check what it writes: on a full disk it would go on for hours. */
function noRoomFor(chunks: number | undefined, context: number, { metadata }: Gguf, folder: string): string | undefined {
  const tokens = metadata.get('tokenizer.ggml.tokens');
  if (chunks === undefined || typeof tokens !== 'object') return undefined;
  const bytes = recordingBytes({ context, vocabulary: tokens.length, chunks });
  const free = freeBytes(folder);
  return bytes <= free ? undefined : `a recording of ${chunks} chunks takes ${bytes} bytes, and ${free} are free: say fewer \`chunks\``;
}

function firstBytes(path: string): Uint8Array {
  const bytes = new Uint8Array(20);
  try {
    const fd = openSync(path, 'r');
    readSync(fd, bytes);
    closeSync(fd);
  } catch {
    // Not there: the caller sees zeros, which are no header.
  }
  return bytes;
}
