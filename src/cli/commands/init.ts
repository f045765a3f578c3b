import { basename, dirname, extname, resolve } from 'node:path';
import { InternalError, Stopped } from '../../errors.ts';
import { asFileName } from '../../facts/model-name.ts';
import { hubSite } from '../../hub/site.ts';
import { type Choices, choose } from '../../init/choices.ts';
import { looksInWords } from '../../init/in-words.ts';
import { type Looked, lookAtModel } from '../../init/look.ts';
import type { Looks } from '../../init/looks.ts';
import { type NamedModel, namedModel, nameOf } from '../../init/named-model.ts';
import { schemaNearby } from '../../init/schema-nearby.ts';
import { surroundingsInWords, surroundingsOf } from '../../init/surroundings.ts';
import { totalsOf } from '../../init/totals.ts';
import { writeYaml } from '../../init/write-yaml.ts';
import { formatDiagnostics } from '../../pipeline/diagnostic.ts';
import { loadPipelineText } from '../../pipeline/load.ts';
import type { Pipeline, Trust } from '../../pipeline/pipeline.ts';
import type { Facts } from '../../plan/facts.ts';
import { expectedTools } from '../../setup/expected-tools.ts';
import { lookForTools } from '../../setup/look-for-tools.ts';
import { Store } from '../../store/store.ts';
import { askFile, askWishes, type WishFlags, wishesOf } from '../ask-wishes.ts';
import { type HubFlags, openHub } from '../hub-flags.ts';
import { refuseFile, writePipeline } from '../pipeline-file.ts';
import { outFolder } from '../prepare.ts';
import { stopOnSignals } from '../signals.ts';
import { Questions } from '../terminal-questions.ts';
import { isOffline } from '../tool-flags.ts';
import { fetchLine } from '../views/fetch-line.ts';
import { diskInWords } from '../views/plan-words.ts';

export interface InitArguments extends HubFlags, WishFlags {
  model: string;
  write: string | undefined;
  stdout: boolean;
  force: boolean;
  yes: boolean;
  trust: Trust[] | undefined;
  out: string | undefined;
}

/** Looks at a model and writes a pipeline for it and for this machine. Prints the pipeline's file, or with `--stdout` the pipeline itself. */
export async function init(args: InitArguments): Promise<number> {
  const named = namedModel(args.model);
  const asks = !args.yes && process.stdin.isTTY === true && process.stderr.isTTY === true;
  const toStdout = args.stdout || args.write === '-';
  const wanted = args.write ?? `${nameOf(named)}.yaml`;
  if (!toStdout && (args.write !== undefined || !asks)) refuseFile(wanted, args.force);
  const interruption = stopOnSignals();
  const { signal } = interruption;
  try {
    using looked = await look(named, args, signal);
    const { looks, facts } = looked;
    const places = { out: outFolder(args.out), cache: hubSite().cache, online: !isOffline(args, process.env) };
    const around = surroundingsOf(facts, places);
    const given = wishesOf(args, looks, around);
    using questions = asks ? new Questions(signal) : null;
    const wishes = questions ? await askWishes(questions, looks, around, given) : given;
    const file = questions && !toStdout && args.write === undefined ? await askFile(questions, wanted, args.force) : wanted;
    const choices = choose(looks, around, wishes);
    const page = { file: toStdout ? null : resolve(file), name: nameOf(named), machine: surroundingsInWords(around) };
    const { text, pipeline } = written(looks, choices, page);
    const store = Store.open(`${places.out}/store`, { readOnly: true });
    const { tasks, disk } = await totalsOf(pipeline, looked, { openHub: () => open(args), tools: facts.tools, store, signal });
    if (signal.aborted) throw new Stopped();
    if (toStdout) process.stdout.write(text);
    else writePipeline(file, text, args.force);
    const remarks = choices.remarks.map((remark) => `${remark}\n`).join('');
    const next = toStdout ? 'save it, then qpipe plan FILE' : `qpipe plan ${file}`;
    process.stderr.write(`${remarks}${tasks.length} tasks. ${diskInWords(disk)}\nnext: ${next}\n`);
    if (!toStdout) process.stdout.write(`${file}\n`);
    return 0;
  } catch (thrown) {
    if (!signal.aborted && !(thrown instanceof Stopped)) throw thrown;
    process.stderr.write('\nStopped. Nothing was written.\n');
    throw signal.aborted ? interruption.stopped() : thrown;
  } finally {
    interruption.end();
  }
}

/** Tells what it saw. */
async function look(named: NamedModel, args: InitArguments, signal: AbortSignal): Promise<Looked> {
  const fetching = fetchLine(process.stderr);
  try {
    const looked = await lookAtModel(named, {
      openHub: () => open(args),
      trust: args.trust ?? [],
      tools: await tools(named),
      signal,
      onFetch: (progress) => fetching.show({ type: 'fetch', by: null, ...progress }),
    });
    fetching.clear();
    process.stderr.write(`${looksInWords(looked.looks).join('\n  ')}\n`);
    return looked;
  } finally {
    fetching.clear();
  }
}

function open(args: InitArguments) {
  return openHub({ ...args, offline: isOffline(args, process.env) });
}

/** Those that a plan would be made with: types come from llama-quantize itself where it is set up. */
async function tools(named: NamedModel): Promise<Facts['tools']> {
  const needConverter = named.kind === 'folder' || (named.kind === 'repo' && named.file === null);
  const ready = await lookForTools({ path: null, cmake: [], python: null, needConverter, offline: true });
  return ready.tools ?? expectedTools();
}

interface Page {
  /** Absolute, or null for none. */
  file: string | null;
  /** Of the pipeline, where no file says it. */
  name: string;
  machine: string;
}

/** The text, and what qpipe makes of it. */
function written(looks: Looks, choices: Choices, { file, name, machine }: Page): { text: string; pipeline: Pipeline } {
  const folder = file === null ? process.cwd() : dirname(file);
  const text = writeYaml(looks, choices, {
    name: file === null ? name : asFileName(basename(file, extname(file))),
    folder,
    schema: schemaNearby(folder),
    machine,
  });
  const loaded = loadPipelineText(text, { file, folder });
  if (loaded.ok) return { text, pipeline: loaded.pipeline };
  throw new InternalError(`init wrote a pipeline that cannot be read:\n${formatDiagnostics(loaded.diagnostics)}\n${text}`);
}
