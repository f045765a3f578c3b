import type { View } from './view.ts';

export interface ViewOptions {
  quiet: boolean;
  json: boolean;
  /** Whether stderr is a terminal. */
  terminal: boolean;
}

export async function pickView({ quiet, json, terminal }: ViewOptions): Promise<View> {
  if (json) return (await import('./json.ts')).jsonView();
  if (quiet) return (await import('./plain.ts')).quietView();
  if (terminal) return (await import('./terminal.ts')).terminalView();
  return (await import('./plain.ts')).plainView();
}
