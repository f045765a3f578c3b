import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { shownPath } from './diagnostic.ts';
import { didYouMean } from './nearest.ts';
import { namesIn, statOf } from './paths.ts';
import type { Pipeline, TextSource } from './pipeline.ts';
import type { Problem } from './problem.ts';
import { below, type Origin } from './tree.ts';

/** Looks at a whole pipeline for what no single key can tell. */
type Rule = (pipeline: Pipeline, origins: Map<string, Origin>) => Problem[];

export function brokenRules(...args: Parameters<Rule>): Problem[] {
  return rules.flatMap((rule) => rule(...args));
}

const nameIsFree: Rule = ({ name }, origins) =>
  name.toLowerCase() === 'store'
    ? [
        {
          at: origins.has('/name') ? '/name' : '',
          message: '`out/store` is taken: a pipeline cannot be named `store`',
          fix: 'give it another `name:`',
        },
      ]
    : [];

/** A GGUF may be measured alone. */
const somethingIsMeasured: Rule = ({ model, quants, compare }) =>
  model.kind === 'folder' && quants.length === 0 && compare.length === 0
    ? [{ at: '/quants', message: 'no quant is named', fix: 'name a type or a set, such as `quants: [Q4_K_M]`' }]
    : [];

const modelIsThere: Rule = ({ model }) => {
  const at = model.kind === 'folder' ? '/model/path' : '/model/gguf';
  const stat = statOf(model.path);
  const shown = `\`${shownPath(model.path)}\``;
  if (!stat) return [notThere(at, model.path)];
  if (model.kind === 'folder' && !stat.isDirectory())
    return [
      {
        at,
        message: `${shown} is a file, not a folder`,
        fix: model.path.endsWith('.gguf') ? 'write `gguf:` instead of `path:`' : 'name the folder it lies in',
      },
    ];
  if (model.kind === 'gguf' && stat.isDirectory())
    return [{ at, message: `${shown} is a folder, not a GGUF file`, fix: 'name the file, or write `path:` for a folder of weights' }];
  return [];
};

const textsCanBeRead: Rule = (pipeline) => textsOf(pipeline).flatMap(({ at, text }) => fileProblem(at, text.path));

const otherFilesAreThere: Rule = ({ imatrix, compare }) => [
  ...(imatrix?.kind === 'file' ? fileProblem('/imatrix/file', imatrix.path) : []),
  ...compare.flatMap(({ at, path }) => fileProblem(at, path)),
];

const toolsAreThere: Rule = ({ tools }) =>
  tools.llamaCppPath !== null && !statOf(tools.llamaCppPath) ? [notThere('/tools/llamaCpp/path', tools.llamaCppPath)] : [];

const flagsHaveABuild: Rule = ({ tools }) =>
  tools.llamaCppPath !== null && tools.cmake.length > 0
    ? [{ at: '/tools/llamaCpp/cmake', message: '`cmake` flags have no meaning for an existing build', fix: 'leave `path` or `cmake` out' }]
    : [];

/** Numbers on a text that the importance matrix has seen flatter every quant. */
const evaluationIsHeldOut: Rule = (pipeline) => {
  const [calibration, evaluation] = [calibrationText(pipeline), evaluationText(pipeline)];
  const overlap = calibration && evaluation && overlapOf(calibration.text, evaluation.text);
  if (!overlap) return [];
  return [
    {
      at: evaluation.at,
      message: `${overlap}: its numbers would say nothing about text the importance matrix has not seen`,
      fix: 'evaluate on held-out text',
      related: [{ at: calibration.at, message: 'the calibration text is here' }],
    },
  ];
};

/** A token is a byte at least: what cannot be filled then cannot be filled at all. How many chunks a text really has, its tokenizer knows. */
const textsFillTheirChunks: Rule = (pipeline, origins) => {
  const { imatrix, evaluate } = pipeline;
  return [
    ...(imatrix?.kind === 'compute' ? tooFewChunks('/imatrix', imatrix.text, imatrixContext, imatrix.chunks, origins) : []),
    ...(evaluate ? tooFewChunks('/evaluate', evaluate.text, evaluate.context, evaluate.chunks, origins) : []),
  ];
};

const comparedNamesDiffer: Rule = ({ compare, quants }) => {
  const names = [...quants.map((quant) => quant.name ?? quant.type), 'base', ...compare.map(({ name }) => name)].map((name) =>
    name.toLowerCase(),
  );
  return compare.flatMap(({ at, name }, i) => {
    const isTaken = names.indexOf(name.toLowerCase()) < names.length - compare.length + i;
    return isTaken ? [{ at, message: `another row is named \`${name}\` already`, fix: 'give this one a `name:` of its own' }] : [];
  });
};

const tensorPatternsAreValid: Rule = ({ quants }) =>
  quants.flatMap(({ at, tensors }) =>
    Object.keys(tensors)
      .filter((pattern) => !isRegularExpression(pattern))
      .map((pattern) => ({ at: below(`${at}/tensors`, pattern), aboutKey: true, message: `\`${pattern}\` is not a regular expression` })),
  );

const rules: Rule[] = [
  nameIsFree,
  somethingIsMeasured,
  modelIsThere,
  textsCanBeRead,
  otherFilesAreThere,
  toolsAreThere,
  flagsHaveABuild,
  evaluationIsHeldOut,
  textsFillTheirChunks,
  comparedNamesDiffer,
  tensorPatternsAreValid,
];

interface TextAt {
  at: string;
  text: TextSource;
}

function textsOf(pipeline: Pipeline): TextAt[] {
  return [calibrationText(pipeline), evaluationText(pipeline)].flatMap((text) => text ?? []);
}

function calibrationText({ imatrix }: Pipeline): TextAt | null {
  return imatrix?.kind === 'compute' ? { at: '/imatrix/text', text: imatrix.text } : null;
}

function evaluationText({ evaluate }: Pipeline): TextAt | null {
  return evaluate ? { at: '/evaluate/text', text: evaluate.text } : null;
}

/** llama-imatrix works on chunks of this many tokens. */
const imatrixContext = 512;

function tooFewChunks(at: string, text: TextSource, context: number, chunks: number | 'all', origins: Map<string, Origin>): Problem[] {
  const stat = statOf(text.path);
  const bytes = stat?.isFile() ? stat.size : 0;
  const most = Math.floor(bytes / context);
  // The tools want two chunks at least. What is empty or no file has its own message.
  if (bytes === 0 || (most >= 2 && (chunks === 'all' || most >= chunks))) return [];
  const shown = `\`${shownPath(text.path)}\` has ${bytes} bytes: it can fill ${most} chunks of ${context} tokens at most`;
  const place = (most < 2 ? ['context', 'text'] : ['chunks', 'text']).map((key) => below(at, key)).find((key) => origins.has(key)) ?? at;
  if (most < 2)
    return [
      {
        at: place,
        message: `${shown}, and two are needed`,
        fix: `give a longer text${at === '/evaluate' ? ' or a smaller `context`' : ''}`,
      },
    ];
  return [{ at: place, message: `${shown}, not ${chunks}`, fix: `say \`chunks: ${most}\` or less, or \`all\`, or give a longer text` }];
}

function fileProblem(at: string, path: string): Problem[] {
  const stat = statOf(path);
  const shown = `\`${shownPath(path)}\``;
  if (!stat) return [notThere(at, path)];
  if (!stat.isFile()) return [{ at, message: `${shown} is not a file`, fix: 'name a file' }];
  return stat.size === 0 ? [{ at, message: `${shown} is empty`, fix: 'name a file with something in it' }] : [];
}

function notThere(at: string, path: string): Problem {
  const fix = didYouMean(basename(path), namesIn(dirname(path))) ?? 'a path starts at the folder of the file it is written in';
  return { at, message: `\`${shownPath(path)}\` does not exist`, fix };
}

/** Beyond this a look inside takes longer than it is worth. */
const comparedBytes = 100_000_000;

function overlapOf(calibration: TextSource, evaluation: TextSource): string | null {
  if (calibration.path === evaluation.path) return 'the evaluation text is the calibration text';
  const [seen, heldOut] = [calibration, evaluation].map(({ path }) => contentOf(path));
  if (!seen || !heldOut) return null;
  if (seen === heldOut)
    return `the evaluation text is the calibration text (\`${basename(calibration.path)}\` and \`${basename(evaluation.path)}\` hold the same)`;
  if (seen.includes(heldOut)) return 'the evaluation text is a part of the calibration text';
  return heldOut.includes(seen) ? 'the evaluation text contains the calibration text' : null;
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

function isRegularExpression(pattern: string): boolean {
  try {
    return new RegExp(pattern) instanceof RegExp;
  } catch {
    return false;
  }
}
