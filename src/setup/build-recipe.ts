import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import type { Build } from '../tools/llama-cpp.ts';
import type { Compiler } from './compiler.ts';
import { backendOf, cmakeFlags, flagValue, isOn } from './flags.ts';
import { type Pin, sha256, type Vendored } from './pin.ts';

/** All that decides the binaries of our own build. */
export interface BuildRecipe {
  source: string;
  patches: string[];
  flags: string[];
  compiler: string;
  platform: string;
  /** The CPU's features; null for a portable build, which fits any CPU of the platform. */
  cpu: string | null;
}

export interface Surroundings {
  compiler: Compiler;
  platform: NodeJS.Platform;
  arch: string;
  cpu: string;
}

export function surroundings(compiler: Compiler): Surroundings {
  return { compiler, platform: process.platform, arch: process.arch, cpu: cpuFeatures() };
}

/** `source` is the digest of a checkout that the user named; null for the pinned release, which carries our patches. */
export function buildRecipe(
  vendored: Vendored,
  source: string | null,
  extraFlags: string[],
  portable: boolean,
  at: Surroundings,
): BuildRecipe {
  const flags = cmakeFlags(vendored.pin, { extra: extraFlags, portable, pinned: source === null });
  return {
    source: source ?? vendored.pin.source.sha256,
    patches: source === null ? vendored.patches.map((patch) => patch.sha256) : [],
    flags,
    compiler: at.compiler.version,
    platform: `${at.platform}-${at.arch}`,
    cpu: isOn(flagValue(flags, 'GGML_NATIVE')) ? at.cpu : null,
  };
}

export function describeBuild(recipe: BuildRecipe, pin: Pin, at: Surroundings): Build {
  const kind = recipe.cpu === null ? 'portable' : 'native';
  const backend = backendOf(recipe.flags, at.platform);
  const what = recipe.source === pin.source.sha256 ? `${pin.release} (${pin.commit})` : `own sources ${recipe.source.slice(0, 7)}`;
  return { id: recipeId(recipe), kind, backend, description: `${what}, ${kind} ${backend} build, ${at.compiler.name}` };
}

export function recipeId(recipe: BuildRecipe): string {
  return sha256(JSON.stringify(recipe));
}

/** A native build runs only where these are the same. */
function cpuFeatures(): string {
  if (process.platform === 'linux') {
    const line = /^(?:flags|Features)\s*:\s*(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1];
    if (line !== undefined) return line.trim().split(/\s+/).sort().join(' ');
  }
  return cpus()[0]?.model ?? 'unknown';
}
