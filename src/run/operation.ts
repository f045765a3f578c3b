import type { FetchProgress, Hub } from '../hub/hub.ts';
import type { Op, Task } from '../plan/task.ts';
import type { Digests } from '../store/digest.ts';
import type { TaskRecord } from '../store/record.ts';
import type { LlamaCpp } from '../tools/llama-cpp.ts';
import type { Progress } from '../tools/tool.ts';

/** What a tool printed and how long it took. It ended with exit code 0; whether it did its work is for the operation to judge. */
export interface Printed {
  stdout: string;
  stderr: string;
  seconds: number;
}

export interface ToolCall {
  /** What people call it: `llama-quantize`. */
  name: string;
  file: string;
  args: string[];
  env?: Record<string, string>;
  progress?: (line: string) => Progress | null;
  /** Called once with its process id, when it has begun. */
  onStart?: (pid: number) => void;
  /** Looks at each line for a sign that the tool's work would be in vain; the reason ends it at once. */
  refuse?: (line: string) => string | undefined;
  /** Plain words for what the tool printed when it failed. */
  explain?: (stdout: string, stderr: string) => string | undefined;
}

/** The place and the means of one attempt at a task. */
export interface Work<O extends Op = Op> {
  task: Task<O>;
  /** Working folder: inputs lie in it under their names, outputs are written into it. */
  folder: string;
  threads: number;
  tools: LlamaCpp;
  /** Records of the tasks that made the inputs, by role; null for files from outside. */
  producers: Record<string, TaskRecord | null>;
  /** sha256 of the first file of a role. */
  digest(role: string): string | null;
  /** The way to the Hub; null where no source is there. */
  hub: Hub | null;
  digests: Digests;
  signal: AbortSignal;
  /** Runs a tool in the folder; throws ToolFailure when it exits with another code than 0 or dies by a signal. */
  call(tool: ToolCall): Promise<Printed>;
  /** Says what has come from the Hub. */
  arrived(progress: FetchProgress): void;
  /** Says what people should know of it. */
  note(text: string): void;
  /** Says that something is done again, and why. */
  retry(reason: string): void;
}

/** Makes a task's outputs in the folder, checks them and returns what its record shall hold. Throws Failure. */
export type Operation<O extends Op> = (work: Work<O>) => Promise<unknown>;
