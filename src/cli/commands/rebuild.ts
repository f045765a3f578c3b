import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Failure, Stopped, UserError } from '../../errors.ts';
import { readMachine } from '../../facts/machine.ts';
import { joinedDigest } from '../../gguf/joined-digest.ts';
import { builtinTexts } from '../../package-root.ts';
import { type HowMade, howMade } from '../../provenance/how-made.ts';
import { Leaves } from '../../provenance/leaves.ts';
import { manifestBeside, readManifest } from '../../provenance/read-manifest.ts';
import { rebuild as makeAgain, type Rebuilt } from '../../provenance/rebuild.ts';
import { refusedSteps, type Trust } from '../../provenance/refused-steps.ts';
import { structureOf } from '../../provenance/structure.ts';
import { saidIn } from '../../provenance/verify-file.ts';
import { findTools } from '../../setup/find-tools.ts';
import { knownBuild } from '../../setup/known-build.ts';
import { cacheFolders } from '../../setup/site.ts';
import { type Digests, rememberedDigests, sha256File } from '../../store/digest.ts';
import { Store } from '../../store/store.ts';
import type { LlamaCpp } from '../../tools/llama-cpp.ts';
import { type HubFlags, openHub } from '../hub-flags.ts';
import { outFolder } from '../prepare.ts';
import { stopOnSignals, tellStopped } from '../signals.ts';
import { isOffline, type ToolFlags, toolSettings } from '../tool-flags.ts';
import { pickView } from '../views/pick-view.ts';
import { rebuiltInWords } from '../views/rebuild-words.ts';
import type { View } from '../views/view.ts';

export interface RebuildArguments extends ToolFlags, HubFlags {
  gguf: string;
  manifest: string | undefined;
  from: string[] | undefined;
  trust: Trust[] | undefined;
  out: string | undefined;
  quiet: boolean;
  json: boolean;
}

/** Makes a file again from what it was made from. Exit code 0 when the bytes are the same, 1 when they are not or it cannot be done. */
export async function rebuild(args: RebuildArguments): Promise<number> {
  const file = resolve(args.gguf);
  if (!existsSync(file)) throw new UserError(`${args.gguf} is not there`);
  const beside = args.manifest === undefined ? manifestBeside(file) : readManifest(resolve(args.manifest));
  const structure = await structureOf(file);
  if (!structure.ok) throw new Failure(`${args.gguf} is broken: ${structure.problem}`);
  const out = outFolder(args.out);
  const store = Store.open(join(out, 'store'), { readOnly: true });
  const { parts } = structure.whole;
  const sha256 = parts.length > 1 ? await joinedDigest(parts) : await sha256File(file);
  const wanted = { file, parts, sha256: sha256 ?? '', says: saidIn(structure.whole) };
  const made = howMade(wanted, store, beside);
  if (!made)
    throw new Failure(
      `nothing here knows how ${args.gguf} was made: put its manifest.json beside it, name it with --manifest, or name the folder of its store with --out`,
    );
  const refused = refusedSteps(made.steps, args.trust ?? []);
  if (refused !== null) throw new UserError(`nothing is made by the manifest of run ${made.run}: ${refused}`);
  const view = await pickView({ quiet: args.quiet || args.json, json: false, terminal: process.stderr.isTTY === true });
  const interruption = stopOnSignals();
  const digests = rememberedDigests(store.path('statcache.ndjson'), { readOnly: true, signal: interruption.signal });
  const leaves = leavesFor(args, { store, digests, folder: dirname(file) });
  try {
    const { signal } = interruption;
    const tools = await toolsFor(made, args, view, signal);
    const machine = readMachine();
    const threads = toolSettings(args).threads;
    const capacity = { threads: typeof threads === 'number' ? threads : machine.cores, memoryBytes: machine.memoryBytes * 0.8 };
    const rebuilt = await makeAgain(wanted, made, { out, store, digests, tools, leaves, capacity, emit: view.show, signal });
    await view.close();
    if (signal.aborted) throw new Stopped();
    tell(rebuilt, args);
    return rebuilt.verdict === 'identical' ? 0 : 1;
  } catch (thrown) {
    await view.close();
    if (!interruption.signal.aborted) throw thrown;
    tellStopped();
    throw interruption.stopped();
  } finally {
    await leaves.hub?.close();
    interruption.end();
  }
}

function leavesFor(args: RebuildArguments, { store, digests, folder }: { store: Store; digests: Digests; folder: string }): Leaves {
  const ownTexts = Object.values(builtinTexts).map((path) => dirname(path));
  const folders = [...(args.from ?? []).map((one) => resolve(one)), folder, process.cwd(), ...ownTexts, join(cacheFolders().root, 'texts')];
  return new Leaves({ store, digests, folders, openHub: () => openHub({ ...args, offline: isOffline(args, process.env) }) });
}

/** The very build that made it, where it is here still; else the one that a run would take. */
async function toolsFor({ steps }: HowMade, args: RebuildArguments, view: View, signal: AbortSignal): Promise<LlamaCpp> {
  const id = steps.map(({ identity }) => identity['build']).find((build) => build !== undefined);
  const needConverter = steps.some(({ op }) => op === 'convert' || op === 'merge');
  const named = toolSettings(args);
  const known = id === undefined || named.llamaCppPath || named.cmake ? null : knownBuild(id);
  if (known && (known.converter || !needConverter)) return known;
  const wanted = {
    path: named.llamaCppPath ?? null,
    cmake: named.cmake ?? [],
    python: named.python ?? null,
    needConverter,
    offline: isOffline(args, process.env),
  };
  return await findTools(wanted, (event) => view.show({ type: 'setup', event }), signal);
}

function tell(rebuilt: Rebuilt, { json }: RebuildArguments): void {
  process.stdout.write(json ? `${JSON.stringify(rebuilt, null, 2)}\n` : rebuiltInWords(rebuilt));
}
