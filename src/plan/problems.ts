import { tensorTypeNames } from '../gguf/types.ts';
import { didYouMean } from '../pipeline/nearest.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import { type ResolvedQuant, resolveQuants } from '../pipeline/quants.ts';
import { below } from '../pipeline/tree.ts';
import { needProblem } from '../recommend/need.ts';
import type { QuantType } from '../tools/llama-cpp.ts';
import { convertedType } from './base.ts';
import type { Facts } from './facts.ts';
import { hasImatrix } from './imatrix-in-words.ts';
import { publishProblems } from './publish-problems.ts';

/** Something in the pipeline that the facts contradict: `at` is the JSON pointer of the place. */
export interface PlanProblem {
  at: string;
  message: string;
  fix?: string;
}

/** Types that llama-quantize does not have: all that can be said of them before the rest of the facts is known. */
export function unknownTypes(pipeline: Pipeline, types: QuantType[]): PlanProblem[] {
  const { quants, problems } = resolveQuants(pipeline.quants, types, { moe: true, needImatrix: [], hasImatrix: true });
  return [...problems, ...quants.flatMap(unknownTensorTypes)];
}

type Check = (pipeline: Pipeline, facts: Facts, quants: ResolvedQuant[], only: string[]) => PlanProblem[];

/** What the facts make impossible, all of it at once. */
export function problemsOf(...args: Parameters<Check>): PlanProblem[] {
  return checks.flatMap((check) => check(...args));
}

const sourceIsQuantized: Check = (pipeline, facts, quants) =>
  facts.model.quantized && !pipeline.requantize && quants.length > 0
    ? [
        {
          at: '/model',
          message: `${facts.model.name} is quantized already (${facts.model.quantized}); quantizing it again adds its rounding to every type`,
          fix: 'take the full-precision weights, or say `requantize: true`',
        },
      ]
    : [];

const baseIsUnknown: Check = (pipeline, facts) => {
  const known = facts.tools.types.map((type) => type.name.toLowerCase());
  const named = [
    { at: '/base', type: pipeline.base === 'auto' ? null : pipeline.base },
    { at: '/imatrix/from', type: pipeline.imatrix?.kind === 'compute' && pipeline.imatrix.from !== 'base' ? pipeline.imatrix.from : null },
  ];
  return named.flatMap(({ at, type }) =>
    type !== null && !known.includes(type.toLowerCase())
      ? [{ at, message: `llama-quantize knows no type ${type}`, fix: 'Q8_0 is the usual choice here' }]
      : [],
  );
};

const quantIsTheBase: Check = (pipeline, _facts, quants) => {
  if (pipeline.model.kind !== 'folder') return [];
  const converted = convertedType(pipeline).toUpperCase();
  return quants.flatMap((quant) =>
    quant.name === converted
      ? [{ at: quant.at, message: `${converted} is what the model is converted to; the row \`base\` shows it`, fix: 'leave it out' }]
      : [],
  );
};

const comparedHasOurName: Check = ({ compare }, _facts, quants) =>
  compare.flatMap(({ name, at }) =>
    quants.some((quant) => quant.name.toLowerCase() === name.toLowerCase())
      ? [
          {
            at,
            message: `a quant of this pipeline is named ${name} too`,
            fix: 'give the compared file a `name` of its own: { path: ..., name: theirs }',
          },
        ]
      : [],
  );

const measurementNamesNothing: Check = ({ bench, load, compare }, _facts, quants) => {
  const rows = ['base', ...quants.map((quant) => quant.name), ...compare.map(({ name }) => name)];
  return Object.entries({ bench, load }).flatMap(([key, settings]) =>
    !settings || settings.quants === 'all'
      ? []
      : settings.quants.flatMap((name, i) =>
          rows.some((row) => row.toLowerCase() === name.toLowerCase())
            ? []
            : [{ at: `/${key}/quants/${i}`, message: `${key}.quants: there is no row ${name}`, fix: rows.join(', ') }],
        ),
  );
};

const gateNamesNothing: Check = ({ gates, compare }, _facts, quants) => {
  const rows = ['base', ...quants.map((quant) => quant.name), ...compare.map(({ name }) => name)];
  const isRow = (name: string) => rows.some((row) => row.toLowerCase() === name.toLowerCase());
  return gates.own.flatMap(({ rows: named, at }) =>
    named === 'shipped' || named.every(isRow)
      ? []
      : [
          {
            at: `${at}/quant`,
            message: `there is no row ${named.find((name) => !isRow(name))}`,
            fix: didYouMean(named.find((name) => !isRow(name)) ?? '', rows) ?? rows.join(', '),
          },
        ],
  );
};

/** The base is what everything is measured against, and its weights are not rounded. */
const arithmeticNamesNothing: Check = ({ arithmetic, compare }, _facts, quants) => {
  if (arithmetic === 'all') return [];
  const rows = [...quants.map((quant) => quant.name), ...compare.map(({ name }) => name)];
  return arithmetic.flatMap((name, i) =>
    rows.some((row) => row.toLowerCase() === name.toLowerCase())
      ? []
      : [{ at: `/arithmetic/${i}`, message: `arithmetic: there is no quant ${name}`, fix: rows.join(', ') }],
  );
};

const onlyNamesNothing: Check = (_pipeline, _facts, quants, only) => {
  const names = quants.flatMap((quant) => [quant.name.toLowerCase(), quant.type.toLowerCase()]);
  return only.flatMap((name) =>
    names.includes(name.toLowerCase())
      ? []
      : [{ at: '/quants', message: `--only ${name}: the pipeline has no such quant`, fix: quants.map((quant) => quant.name).join(', ') }],
  );
};

/** Said before anything is made: llama-quantize itself would say so after hours. */
const typeNeedsImatrix: Check = (pipeline, facts, quants) => {
  const needing = facts.tools.needImatrix ?? [];
  const why = facts.model.notCausal ? `none can be made (${facts.model.notCausal})` : 'this pipeline makes none';
  const plain = [pipeline.base, pipeline.imatrix?.kind === 'compute' ? pipeline.imatrix.from : 'base'];
  return [
    ...quants.flatMap((quant) => {
      const type = [quant.type, ...Object.values(quant.tensors)].find((name) => needing.includes(name.toUpperCase()));
      if (type === undefined || (quant.imatrix && hasImatrix(pipeline, facts))) return [];
      const without = hasImatrix(pipeline, facts) ? '`imatrix: false` keeps it from this quant' : why;
      return [
        {
          at: quant.at,
          message: `${type} needs an importance matrix, and ${without}`,
          fix: 'give it one, or choose a type that needs none',
        },
      ];
    }),
    ...plain.flatMap((type, i) =>
      needing.includes(type.toUpperCase())
        ? [
            {
              at: ['/base', '/imatrix/from'][i] ?? '',
              message: `${type} needs an importance matrix, and is wanted without one here`,
              fix: 'Q8_0 is the usual choice here',
            },
          ]
        : [],
    ),
  ];
};

/** Before hours of work whose last answer would be a refusal. */
const contextIsBeyondModel: Check = ({ recommend }, { model }) => {
  const trained = model.shape?.trainedContext ?? Number(model.header?.config['max_position_embeddings'] ?? 0);
  return recommend.flatMap(({ wish, at }) => {
    const problem = needProblem(wish, Number.isFinite(trained) ? trained : 0);
    return problem ? [{ at: below(at, 'context'), ...problem }] : [];
  });
};

const cannotBePublished: Check = (pipeline, facts, quants, only) =>
  only.length > 0 ? [] : publishProblems(pipeline, facts.model.name, quants);

const tensorTypeIsUnknown: Check = (_pipeline, _facts, quants) => quants.flatMap(unknownTensorTypes);

function unknownTensorTypes({ tensors, at }: ResolvedQuant): PlanProblem[] {
  const unknown = Object.entries(tensors).filter(([, type]) => !tensorTypeNames.includes(type.toUpperCase()));
  return unknown.map(([pattern, type]) => ({
    at: below(`${at}/tensors`, pattern),
    message: `there is no tensor type \`${type}\``,
    fix: didYouMean(type, tensorTypeNames) ?? 'tensor types are named as Q4_K, Q6_K, Q8_0, F16',
  }));
}

const checks: Check[] = [
  sourceIsQuantized,
  baseIsUnknown,
  quantIsTheBase,
  typeNeedsImatrix,
  tensorTypeIsUnknown,
  contextIsBeyondModel,
  comparedHasOurName,
  measurementNamesNothing,
  gateNamesNothing,
  arithmeticNamesNothing,
  onlyNamesNothing,
  cannotBePublished,
];
