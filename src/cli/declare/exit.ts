/** Takes what a command answers: its exit code. */
export type Exit = (code: Promise<number>) => Promise<void>;
