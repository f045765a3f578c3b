export type { FileSource } from './content/new-commit.ts';
export type { HubOptions, LocalHub } from './local-hub.ts';
export { startHub } from './start-hub.ts';
