export type { LocalHub } from './local-hub.ts';
export { startHub } from './start-hub.ts';
