import { commonFailures, givenUp } from './common.ts';
import type { Pattern } from './explain.ts';

const ofImatrix: Pattern[] = [
  [
    /requires an importance matrix!.*?offending tensor: (\S+)/s,
    (tensor = '') => `this type needs an importance matrix (first for ${tensor})`,
  ],
  [
    /Missing importance matrix for tensor (\S+)/,
    (tensor = '') => `the importance matrix has no entry for ${tensor}, and this type cannot do without`,
  ],
  [
    /imatrix size (\d+) is different from tensor size (\d+) for (\S+)/,
    (_a, _b, tensor = '') => `the importance matrix was made for another model (${tensor})`,
  ],
  [/imatrix mapping error for (\S+)/, (tensor = '') => `the importance matrix cannot be matched with the pruned layers (${tensor})`],
  [/failed to load imatrix|missing imatrix metadata/, 'the importance matrix cannot be read: it is damaged, or no importance matrix'],
  [
    /imatrix contains non-finite value/,
    'the importance matrix holds infinity or NaN: compute it again, with a text that the model can follow',
  ],
];

const ofTypes: Pattern[] = [
  [
    /requantizing from type (\S+) is disabled/,
    (type = '') => `the source is quantized already (${type}); say \`requantize: true\` to allow it`,
  ],
  [
    /no tensor type fallback is defined for type (\S+)/,
    (type = '') => `the rows of this model do not fit ${type.toUpperCase()}, and llama.cpp has no other type in its place`,
  ],
  [
    /cannot dequantize\/convert tensor type (\S+)|type (\S+) unsupported for integer quantization/,
    (a = '', b = '') => `it cannot read tensors of the type ${(a || b).toUpperCase()}: take the full-precision model`,
  ],
  [/invalid ggml_type '([^']+)'/, (type = '') => `it does not know the tensor type ${type}`],
  [/invalid ftype '([^']+)'/, (type = '') => `it does not know the type ${type}`],
];

const ofData: Pattern[] = [
  [
    /tensor '([^']+)' has invalid data/,
    (name = '') =>
      `the tensor ${name} holds infinity or NaN: the weights are broken, or beyond the range of F16 (say \`convert: { type: bf16 }\`)`,
  ],
  [/quantized data validation failed/, 'what it made holds infinity or NaN: the weights may be broken'],
  [
    /Failed to determine layer for tensor (\S+)|Bad layer \d+ for tensor (\S+)\./,
    (a = '', b = '') => `it cannot tell the layer of the tensor ${a || b}: the model has a layout that it does not know`,
  ],
];

const ofArguments: Pattern[] = [
  [
    /string_parse_kv_override: malformed KV override '([^=']+)=.*value cannot exceed 127 chars/,
    (key = '') => `the value of ${key} under overrideKv is longer than 127 characters`,
  ],
  [
    /string_parse_kv_override: .*?'([^']*)'/,
    (pair = '') => `it does not take \`${pair}\` under overrideKv: write key=type:value with int, float, bool or str for the type`,
  ],
  [/[Rr]egular expression|regex_error/, 'a pattern under tensors is no regular expression that it knows'],
  [
    /malformed tensor type '([^']+)'|missing (tensor name|quantization type)/,
    (pair = '', what = '') => `a tensor type has to be written as pattern=type (${pair || `its ${what} is missing`})`,
  ],
  [/input and output files are the same/, 'it cannot write over the file that it reads'],
];

/** An argument that it does not know is answered with its whole usage text, and not named. */
const usage: Pattern[] = [
  [/^usage: \S*llama-quantize/m, 'it does not take one of its arguments: mend `args` under tools, or take another release of llama.cpp'],
];

const otherwise: Pattern[] = [[/failed to quantize: ([^\n]+)/, (what = '') => `it gave up: ${what}`]];

export const quantizeFailures: Pattern[] = [
  ...ofImatrix,
  ...ofTypes,
  ...ofData,
  ...ofArguments,
  ...commonFailures,
  ...usage,
  ...otherwise,
  ...givenUp,
];
