import { z } from 'zod';
import { interval } from './interval.ts';

export const quality = z.object({
  ppl: z.number().describe('Mean PPL(Q), as llama-perplexity prints it'),
  pplBase: z.number().describe('Mean PPL(base): equal for all rows that may be compared'),
  pplRatio: interval.describe('PPL(Q)/PPL(base), paired over blocks of chunks'),
  kld: interval.describe('Mean KLD in nats per token, over blocks of chunks'),
  kldMedian: z.number().describe('Median KLD, nats per token'),
  kldP99: z.number().describe('99.0 % KLD, nats per token'),
  kldP999: z.number().describe('99.9 % KLD, nats per token'),
  kldMaximum: z.number().describe('Maximum KLD, nats per token'),
  sameTopP: interval.describe('Same top p, percent'),
  rmsDp: z.number().describe('RMS Δp, percent'),
  chunks: z.number().int(),
  blocks: z.array(z.object({ kld: z.number(), lnRatio: z.number(), sameTopP: z.number() })).describe('block means, for paired comparisons'),
  correlation: z
    .number()
    .nullable()
    .optional()
    .describe("lag-1 correlation of neighbouring chunks' KLD; null where the rounding of the print hides it, absent without blocks"),
  effectiveBlocks: z
    .object({ kld: z.number().positive(), lnRatio: z.number().positive(), sameTopP: z.number().positive() })
    .optional()
    .describe('how many independent blocks the blocks are worth: fewer where chunks resemble their neighbours'),
  widened: z.number().optional().describe("factor by which that makes KLD's interval wider; absent where it makes none"),
});

export const heldOut = z
  .object({
    tokenizer: z.string().nullable().describe("digest of the model's tokenizer; null where it was not recorded"),
    blocks: z.array(z.number()).describe('mean negative log-likelihood per token in each block, nats'),
    effectiveBlocks: z.number().positive().describe('how many independent blocks these are worth'),
  })
  .describe('what a perplexity is made of, to compare it with that of another model with the same tokenizer on the same text');

export const arithmetic = z
  .object({
    kld: interval.describe('Mean KLD of the file dequantized to F16: what the rounded weights alone do, nats per token'),
    sameTopP: interval.describe('Same top p of the file dequantized to F16, percent'),
    share: interval
      .optional()
      .describe('of the Mean KLD as it runs, 0 to 1, over the same blocks; above 1 where the kernels make up for some of it'),
  })
  .describe('beside quality, which is the file as it runs: the rest of the divergence is how its kernels compute');

const choiceTask = z.enum(['hellaswag', 'winogrande', 'multiple-choice']);

export const choices = z
  .object({
    task: choiceTask,
    data: z.string().describe("the data file's name"),
    sha256: z.string().describe('of the data file'),
    accuracy: interval.describe('percent of the questions answered rightly'),
    questions: z.number().int(),
    answers: z.string().optional().describe('1 for a right answer and 0 for a wrong one, in the order of the questions'),
    flips: z
      .object({
        rightToWrong: z.number().int(),
        wrongToRight: z.number().int(),
        p: z.number().describe("McNemar's exact test, two-sided"),
      })
      .optional()
      .describe('questions answered otherwise than by the base; absent for the base and where single answers are not known'),
  })
  .describe('questions with given answers');
