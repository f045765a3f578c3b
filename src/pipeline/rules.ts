import { basename, dirname } from 'node:path';
import { shownPath } from './diagnostic.ts';
import { gateProblems } from './gate-rules.ts';
import { didYouMean } from './nearest.ts';
import { namesIn, statOf } from './paths.ts';
import { type Here, isOnHub, type Pipeline, type TextSource } from './pipeline.ts';
import type { Problem } from './problem.ts';
import { publishProblems } from './publish-rules.ts';
import { sampleProblems } from './sample-rules.ts';
import { textProblems, textsOf } from './text-rules.ts';
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
  if (isOnHub(model)) return [];
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

const adapterIsThere: Rule = ({ model: { adapter } }) => {
  if (adapter === null || isOnHub(adapter)) return [];
  const stat = statOf(adapter.path);
  if (!stat) return [notThere('/model/adapter/path', adapter.path)];
  if (stat.isDirectory()) return [];
  const fix = 'name the folder with adapter_config.json';
  return [{ at: '/model/adapter/path', message: `\`${shownPath(adapter.path)}\` is a file, not an adapter's folder`, fix }];
};

const textsCanBeRead: Rule = (pipeline) => {
  const questions = pipeline.choices.map(({ at, file }) => ({ at, text: file }));
  return [...textsOf(pipeline), ...questions].flatMap(({ at, text }) => (isOnHub(text) ? [] : textProblem(at, text)));
};

const otherFilesAreThere: Rule = ({ imatrix, compare }) => [
  ...(imatrix?.kind === 'file' && !isOnHub(imatrix) ? fileProblem('/imatrix/file', imatrix.path) : []),
  ...compare.flatMap((entry) => (isOnHub(entry) ? [] : fileProblem(entry.at, entry.path))),
];

const toolsAreThere: Rule = ({ tools }) =>
  tools.llamaCppPath !== null && !statOf(tools.llamaCppPath) ? [notThere('/tools/llamaCpp/path', tools.llamaCppPath)] : [];

const flagsHaveABuild: Rule = ({ tools }) =>
  tools.llamaCppPath !== null && tools.cmake.length > 0
    ? [{ at: '/tools/llamaCpp/cmake', message: '`cmake` flags have no meaning for an existing build', fix: 'leave `path` or `cmake` out' }]
    : [];

const promptsCanBeAsked: Rule = (pipeline) => sampleProblems(pipeline);

/** What is on the Hub is looked at when it has come. */
const textsFit: Rule = (pipeline, origins) => textProblems(pipeline, (at) => origins.has(at));

const comparedNamesDiffer: Rule = ({ compare, quants }) => {
  const names = [...quants.map((quant) => quant.name ?? quant.type), 'base', ...compare.map(({ name }) => name)].map((name) =>
    name.toLowerCase(),
  );
  return compare.flatMap(({ at, name }, i) => {
    const isTaken = names.indexOf(name.toLowerCase()) < names.length - compare.length + i;
    return isTaken ? [{ at, message: `another row is named \`${name}\` already`, fix: 'give this one a `name:` of its own' }] : [];
  });
};

const companionsDiffer: Rule = ({ model: { companions } }) =>
  companions.flatMap((companion, i) =>
    companions.indexOf(companion) < i
      ? [{ at: `/model/companions/${i}`, message: `\`${companion}\` is named already`, fix: 'leave one of them out' }]
      : [],
  );

const companionsAreKept: Rule = ({ model, keep }) =>
  model.companions.length > 0 && keep === 'none'
    ? [
        {
          at: '/model/companions',
          aboutKey: true,
          message: '`companions` are files for use, and `keep: none` keeps no file',
          fix: 'leave one of the two out',
        },
      ]
    : [];

const canBePublished: Rule = (pipeline) => publishProblems(pipeline);

const gatesCanBeJudged: Rule = (pipeline) => gateProblems(pipeline);

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
  adapterIsThere,
  textsCanBeRead,
  otherFilesAreThere,
  toolsAreThere,
  flagsHaveABuild,
  textsFit,
  promptsCanBeAsked,
  comparedNamesDiffer,
  companionsDiffer,
  companionsAreKept,
  canBePublished,
  gatesCanBeJudged,
  tensorPatternsAreValid,
];

/** One that is named by its digest was held back by who wrote the pipeline: the name is right, and the file is theirs. */
function textProblem(at: string, { path, fileSha256 }: TextSource<Here>): Problem[] {
  if (fileSha256 === undefined || statOf(path)) return fileProblem(at, path);
  const message = `the text \`${shownPath(path)}\` is not here, and was not published with this pipeline: it is the one with sha256 ${fileSha256}`;
  return [{ at, message, fix: 'get it from who wrote the pipeline and put it there, or name a text of your own without `sha256:`' }];
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

function isRegularExpression(pattern: string): boolean {
  try {
    return new RegExp(pattern) instanceof RegExp;
  } catch {
    return false;
  }
}
