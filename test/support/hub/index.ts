export type { FileSource } from './content/new-commit.ts';
export type { Fault } from './faults/fault.ts';
export type { HubOptions, LocalHub } from './local-hub.ts';
export { startHub } from './start-hub.ts';
