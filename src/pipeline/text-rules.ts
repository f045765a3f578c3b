import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { scoredTokens } from '../tools/perplexity.ts';
import { shownPath } from './diagnostic.ts';
import { statOf } from './paths.ts';
import { type Here, isOnHub, type Pipeline, type TextSource } from './pipeline.ts';
import type { Problem } from './problem.ts';
import { questionProblems } from './question-rules.ts';
import { below } from './tree.ts';

/** Whether somebody wrote what a pointer names; a default is written nowhere. */
type IsWritten = (at: string) => boolean;

/** What the texts that can be read here say against measuring with them. */
export function textProblems(pipeline: Pipeline, isWritten: IsWritten): Problem[] {
  return [
    ...evaluationsAreHeldOut(pipeline),
    ...furtherNamesDiffer(pipeline, isWritten),
    ...textsFillTheirChunks(pipeline, isWritten),
    ...tokensAreEnough(pipeline, isWritten),
    ...questionProblems(pipeline),
  ];
}

interface TextAt {
  at: string;
  text: TextSource;
}

export function textsOf(pipeline: Pipeline): TextAt[] {
  return [...(calibrationText(pipeline) ?? []), ...evaluationTexts(pipeline)];
}

function calibrationText({ imatrix }: Pipeline): [TextAt] | null {
  return imatrix?.kind === 'compute' ? [placed('/imatrix', imatrix.text)] : null;
}

function evaluationTexts({ evaluate }: Pipeline): TextAt[] {
  return evaluate.map(({ at, text }) => placed(at, text));
}

function placed(at: string, text: TextSource): TextAt {
  return { at: text.chat ? below(below(at, 'text'), 'chat') : below(at, 'text'), text };
}

/** Numbers on a text that the importance matrix has seen flatter every quant. */
function evaluationsAreHeldOut(pipeline: Pipeline): Problem[] {
  const [calibration] = calibrationText(pipeline) ?? [];
  if (!calibration) return [];
  return evaluationTexts(pipeline).flatMap(({ at, text }) => {
    const overlap = overlapOf(calibration.text, text);
    if (!overlap) return [];
    return [
      {
        at,
        message: `${overlap}: its numbers would say nothing about text the importance matrix has not seen`,
        fix: 'evaluate on held-out text',
        related: [{ at: calibration.at, message: 'the calibration text is here' }],
      },
    ];
  });
}

/** Names that tasks have otherwise. */
const takenNames = ['calibration', 'evaluation', 'dequantized'];

/** The first text's name is part of nothing. */
function furtherNamesDiffer({ evaluate }: Pipeline, isWritten: IsWritten): Problem[] {
  const names = evaluate.map(({ name }) => name.toLowerCase());
  return evaluate.flatMap(({ name, at }, i) => {
    const written = below(at, 'name');
    const place = isWritten(written) ? written : at;
    if (i > 0 && takenNames.includes(name.toLowerCase())) {
      const origin = isWritten(written) ? '' : 'this text is named after its file, and ';
      return [{ at: place, message: `${origin}\`${name}\` has a meaning of its own among the tasks`, fix: 'give it another `name:`' }];
    }
    return names.indexOf(name.toLowerCase()) < i
      ? [{ at: place, message: `another text is named \`${name}\` already`, fix: 'give this one a `name:` of its own' }]
      : [];
  });
}

/** A token is a byte at least: what cannot be filled then cannot be filled at all. How many chunks a text really has, its tokenizer knows. */
function textsFillTheirChunks(pipeline: Pipeline, isWritten: IsWritten): Problem[] {
  const { imatrix, evaluate } = pipeline;
  return [
    ...(imatrix?.kind === 'compute' ? tooFewChunks('/imatrix', imatrix.text, imatrixContext, imatrix.chunks, isWritten) : []),
    ...evaluate.flatMap(({ at, text, context, chunks }) => tooFewChunks(at, text, context, chunks === 'auto' ? 'all' : chunks, isWritten)),
  ];
}

/** Of fewer, llama-perplexity prints no divergence, and exits with 0. */
const fewestTokens = 100;

function tokensAreEnough({ evaluate }: Pipeline, isWritten: IsWritten): Problem[] {
  return evaluate.flatMap(({ at, context, chunks }) => {
    if (typeof chunks !== 'number' || chunks * scoredTokens(context) >= fewestTokens) return [];
    const place = [below(at, 'chunks'), below(at, 'context')].find((key) => isWritten(key)) ?? at;
    const needed = Math.ceil(fewestTokens / scoredTokens(context));
    return [
      {
        at: place,
        message: `${chunks === 1 ? 'one chunk' : `${chunks} chunks`} of ${context} tokens ${chunks === 1 ? 'is' : 'are'} too few: the second half of each counts, and llama-perplexity tells nothing of fewer than ${fewestTokens} tokens`,
        fix: `say \`chunks: ${needed}\` or more, or a larger \`context\``,
      },
    ];
  });
}

/** llama-imatrix works on chunks of this many tokens. */
const imatrixContext = 512;

function tooFewChunks(at: string, text: TextSource, context: number, chunks: number | 'all', isWritten: IsWritten): Problem[] {
  // What a template adds, and what of the JSON it leaves, nobody knows yet.
  const bytes = isReadable(text) && !text.chat ? sizeOf(text.path) : 0;
  const most = Math.floor(bytes / context);
  // The tools want two chunks at least. What is empty or no file has its own message.
  if (!isReadable(text) || bytes === 0 || (most >= 2 && (chunks === 'all' || most >= chunks))) return [];
  const shown = `\`${shownPath(text.path)}\` has ${bytes} bytes: it can fill ${most} chunks of ${context} tokens at most`;
  const place = (most < 2 ? ['context', 'text'] : ['chunks', 'text']).map((key) => below(at, key)).find((key) => isWritten(key)) ?? at;
  if (most < 2)
    return [
      {
        at: place,
        message: `${shown}, and two are needed`,
        fix: `give a longer text${at.startsWith('/evaluate') ? ' or a smaller `context`' : ''}`,
      },
    ];
  return [{ at: place, message: `${shown}, not ${chunks}`, fix: `say \`chunks: ${most}\` or less, or \`all\`, or give a longer text` }];
}

/** Beyond this a look inside takes longer than it is worth. */
const comparedBytes = 100_000_000;

function overlapOf(calibration: TextSource, evaluation: TextSource): string | null {
  if (!isReadable(calibration) || !isReadable(evaluation)) return null;
  if (calibration.path === evaluation.path) return 'the evaluation text is the calibration text';
  if (calibration.chat && evaluation.chat) return sharedConversations(calibration.path, evaluation.path);
  // Named texts are known to be apart, and who only plans has nothing of them but their sizes.
  if (calibration.expected && evaluation.expected && calibration.expected.sha256 !== evaluation.expected.sha256) return null;
  const [seen, heldOut] = [calibration, evaluation].map(({ path }) => contentOf(path));
  if (!seen || !heldOut) return null;
  if (seen === heldOut)
    return `the evaluation text is the calibration text (\`${basename(calibration.path)}\` and \`${basename(evaluation.path)}\` hold the same)`;
  if (seen.includes(heldOut)) return 'the evaluation text is a part of the calibration text';
  return heldOut.includes(seen) ? 'the evaluation text contains the calibration text' : null;
}

/** In whatever order they are: a conversation that was calibrated with is none that was held out. */
function sharedConversations(calibration: string, evaluation: string): string | null {
  const [seen, heldOut] = [calibration, evaluation].map((path) => (contentOf(path) ?? '').split('\n').filter((line) => line.trim() !== ''));
  const known = new Set(seen);
  const shared = heldOut?.filter((line) => known.has(line)).length ?? 0;
  return shared > 0 ? `${shared} of the ${heldOut?.length} conversations are in the calibration text too` : null;
}

/** Without what a copy may change: line ends, and space around it. */
function contentOf(path: string): string | null {
  const stat = statOf(path);
  if (!stat?.isFile() || stat.size > comparedBytes) return null;
  try {
    return readFileSync(path, 'utf8').replaceAll('\r\n', '\n').trim();
  } catch {
    return null;
  }
}

/** A part of an archive is read once it is a file of its own. */
function isReadable(text: TextSource): text is TextSource<Here> {
  return !isOnHub(text) && text.part === null;
}

function sizeOf(path: string): number {
  const stat = statOf(path);
  return stat?.isFile() ? stat.size : 0;
}
