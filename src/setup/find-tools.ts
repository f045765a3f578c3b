import { dirname } from 'node:path';
import { InternalError } from '../errors.ts';
import { lock } from '../store/lock.ts';
import type { LlamaCpp } from '../tools/llama-cpp.ts';
import type { Emit } from './events.ts';
import { type Look, lookForTools } from './look-for-tools.ts';
import { refuseDownloads } from './offline.ts';
import { setUpTools } from './set-up-tools.ts';
import { cacheFolders } from './site.ts';
import type { Wanted } from './wanted.ts';

/** The llama.cpp to use. What is missing is obtained, built, installed and tested first, once, while other processes that need it wait. */
export async function findTools(wanted: Wanted, on: Emit, signal?: AbortSignal): Promise<LlamaCpp> {
  const ready = await lookForTools(wanted);
  if (ready.tools !== null) return tell(ready, on);
  const folders = cacheFolders();
  if (wanted.offline) await refuseDownloads(wanted, folders);
  using held = await lock(folders.lock, { what: 'setting up llama.cpp', signal, onWait: (holder) => on({ type: 'waiting', holder }) });
  await setUpTools(wanted, { folders, on, signal, locks: [held.fd], offline: wanted.offline });
  const made = await lookForTools(wanted);
  if (made.tools === null) throw new InternalError(`the set-up is done, but still missing: ${made.missing.join('; ')}`);
  return tell(made, on);
}

function whichBuild({ build, binaries }: LlamaCpp): string {
  return build.kind === 'foreign' ? `${build.description} in ${dirname(binaries.quantize)}` : build.description;
}

function tell(look: Look & { tools: LlamaCpp }, on: Emit): LlamaCpp {
  const { tools, notes } = look;
  on({
    type: 'found',
    origin: tools.origin,
    what: [whichBuild(tools), tools.converter?.description].filter(Boolean).join('; converter: '),
  });
  for (const sentence of notes) on({ type: 'note', sentence });
  return tools;
}
