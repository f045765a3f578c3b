import { statSync } from 'node:fs';
import { basename, join } from 'node:path';
import pLimit from 'p-limit';
import type { LocalPipeline } from '../pipeline/pipeline.ts';
import type { Facts, FileFact, GgufFacts, ResolvedSource } from '../plan/facts.ts';
import type { Digests } from '../store/digest.ts';
import type { LlamaCpp } from '../tools/llama-cpp.ts';
import { readMachine } from './machine.ts';
import { folderModel, ggufModel, readGgufFacts } from './model.ts';
import { promptsOf } from './prompts.ts';
import type { RemoteFile, RemoteFiles } from './remote-file.ts';

/** What `locateSources` found: every file here, or stood in for by its header. */
export interface LocalSources {
  pipeline: LocalPipeline;
  remote: RemoteFiles;
  /** What revisions were resolved to. */
  sources: ResolvedSource[];
}

/** Shards hashed at once: more only makes a disk seek. */
const hashing = pLimit(2);

/** Reads everything from outside that a plan depends on. Throws UserError for what is not there or not what it says. */
export async function gatherFacts({ pipeline, remote, sources }: LocalSources, tools: LlamaCpp, digests: Digests): Promise<Facts> {
  const fact = (path: string, name = basename(path)): Promise<FileFact> =>
    hashing(async () => {
      const there = remote.get(path);
      return there ? await remoteFact(name, path, there, digests) : { name, path, ...(await digests.of(path)) };
    });
  const { model, imatrix, evaluate, choices, samples } = pipeline;
  return {
    sources,
    tools,
    model:
      model.kind === 'folder'
        ? await folderModel(pipeline, model, (folder, name) => fact(join(folder, name), name))
        : await ggufModel(model, tools.types, fact),
    calibration: imatrix?.kind === 'compute' ? await fact(imatrix.text.path) : null,
    evaluations: await Promise.all(evaluate.map(({ text }) => fact(text.path))),
    choices: await Promise.all(choices.map(({ file }) => fact(file.path))),
    prompts: samples ? promptsOf(samples) : null,
    promptsFile: samples && !Array.isArray(samples.prompts) ? await fact(samples.prompts.path) : null,
    imatrix: imatrix?.kind === 'file' ? await fact(imatrix.path) : null,
    compare: await Promise.all(pipeline.compare.map(({ path }): Promise<GgufFacts> => readGgufFacts(path, tools.types, fact))),
    machine: readMachine(),
    platform: `${process.platform}-${process.arch}`,
  };
}

/** The Hub tells the digest of what is large, so that nothing has to be here to be planned with. */
async function remoteFact(
  name: string,
  standIn: string,
  { origin, path, sha256, isMissing = false }: RemoteFile,
  digests: Digests,
): Promise<FileFact> {
  return {
    name,
    path,
    standIn,
    size: statSync(standIn).size,
    sha256: sha256 ?? (await digests.of(path)).sha256,
    hub: origin,
    ...(isMissing ? { isMissing } : {}),
  };
}
