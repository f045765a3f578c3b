import { z } from 'zod';

export const work = z
  .object({
    operation: z.string().describe('convert, imatrix, quantize, ...'),
    task: z.string().describe('the first of the tasks that ran these commands'),
    tasks: z.number().int().describe('that ran the same commands'),
    seconds: z.number().describe('that they took together, also when that was in an earlier run'),
    commands: z.array(z.string()).describe("as run, with names relative to the task's folder; without provenance keys"),
  })
  .describe('what the tools were told to do, and how long it took');
