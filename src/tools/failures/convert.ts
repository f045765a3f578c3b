import type { Pattern } from './explain.ts';
import { diskFailures, memoryFailures, notStarted } from './machine.ts';

const newer = 'a newer release of llama.cpp may know it';

const ofArchitecture: Pattern[] = [
  [
    /Model (\S+) is not supported|Architecture '([^']+)' not supported/,
    (a = '', b = '') => `this llama.cpp cannot convert the architecture ${a || b}; ${newer}`,
  ],
  [/Failed to detect model architecture/, 'config.json names no architecture: it has to have `architectures`'],
];

/** What a model needs beside its quants, in a file of its own. */
const ofCompanions: Pattern[] = [
  [
    /--mtp \/ --no-nextn are not supported for (\S+)/,
    (architecture = '') =>
      `this llama.cpp makes no file of its own of the layers for further tokens of ${architecture}: leave \`mtp\` out of companions`,
  ],
  [
    /vision_config \/ audio_config not found in hparams/,
    'config.json tells of nothing that sees or hears: leave `mmproj` out of companions',
  ],
  [
    /error: unrecognized arguments: [^\n]*(--mmproj|--mtp|--no-nextn)\b/,
    (flag = '') => `this llama.cpp's converter is too old for the companion (it knows no ${flag}): name a newer one`,
  ],
];

const ofQuantized: Pattern[] = [
  [
    /Quant method is not yet supported: '([^']+)'/,
    (method = '') => `the weights are quantized (${method}), which the converter cannot undo: take the full-precision weights`,
  ],
  [
    /Quant format '([^']+)' for method '([^']+)' is not yet supported/,
    (format = '', method = '') =>
      `the weights are quantized (${method}, ${format}), which the converter cannot undo: take the full-precision weights`,
  ],
  [
    /Can't handle multiple config groups for compressed-tensors|(3-bit gptq) dequantization is not yet implemented/,
    (gptq = '') =>
      `the weights are quantized (${gptq || 'compressed-tensors of several kinds'}), which the converter cannot undo: take the full-precision weights`,
  ],
  [
    /Can not map tensor '([^']+\.(?:absmax|quant_map|quant_state\.\S+|qweight|qzeros|g_idx|SCB))'/,
    (name = '') => `the weights are quantized (${name}) and config.json does not say how: take the full-precision weights`,
  ],
];

/** The first one comes before what follows from it: whoever does not know the tokenizer tries others. */
const ofTokenizer: Pattern[] = [
  [
    /BPE pre-tokenizer was not recognized/,
    'its tokenizer is not known to this llama.cpp (BPE pre-tokenizer was not recognized); a newer release may know it',
  ],
  [
    /File not found: \S*tokenizer\.model.*No such file or directory: '[^']*tokenizer\.json'|tokenization_\w+\.py.*TypeError: expected str, bytes or os\.PathLike object, not NoneType|Can't load tokenizer for|Couldn't instantiate the backend tokenizer/s,
    'the model has no tokenizer: tokenizer.json or tokenizer.model has to be in its folder',
  ],
  [/could not parse ModelProto from (\S+)/, (file = '') => `${nameOf(file)} is damaged, or only a pointer of Git LFS: fetch it again`],
  [
    /assert (?:max\(.+\) < vocab_size|tokenizer\.vocab_size == vocab_size|len\(tokens\) == vocab\.vocab_size)/,
    'the tokenizer has more tokens than config.json says (vocab_size): a fine-tune that added some has to say so there',
  ],
  [
    /Tokenizer class (\S+) does not exist or is not currently imported/,
    (name = '') => `its tokenizer (${name}) is not known to the converter's Python packages: it may need newer ones`,
  ],
  [
    /^ValueError: The checkpoint you are trying to load has model type [`']([^`']+)/m,
    (name = '') => `the converter's Python packages do not know models of the type ${name}: it may need newer ones`,
  ],
  [
    /^\w*Error: .*contains custom code which must be executed/m,
    "its tokenizer is code of the model's own, which the converter does not run for this architecture: look for the model in another form",
  ],
  [
    /does not appear to have a file named (\S+\.py)\b/,
    (file = '') => `its tokenizer is code of the model's own (${file}), which runs only with \`trust: [code]\` under model`,
  ],
  [
    /OSError: We couldn't connect to \S+ to load the files, and couldn't find them in the cached files/,
    "its tokenizer is code of another repo, and nothing is fetched while it converts: put the code into the model's folder",
  ],
];

const ofWeights: Pattern[] = [
  [
    /Missing or incomplete model files: \[([^\]]+)\]/,
    (list = '') => `weights are missing: ${list.replaceAll("'", '')} is not whole; fetch it again`,
  ],
  [/Mismatch between weight map and model parts/, 'model.safetensors.index.json and the weights do not belong together: fetch both again'],
  [/Can't load 'weight_map' from '([^']+)'/, (file = '') => `${nameOf(file)} is damaged: fetch it again`],
  [
    /Could not read complete metadata\. Need (\d+) bytes, got (\d+)|Failed to parse safetensors metadata|Error while deserializing header/,
    'a file of weights is cut, or only a pointer of Git LFS: fetch it again',
  ],
  [
    /PytorchStreamReader failed|mmap length is greater than file size|cannot mmap an empty file/,
    'a file of weights is cut: fetch it again',
  ],
  [
    /_dtype_str_map\[.*KeyError: '([^']+)'/s,
    (type = '') => `the weights are stored as ${type}, which this converter does not read; ${newer}`,
  ],
  [
    /Can not map tensor '([^']+)'/,
    (name = '') => `it does not know what to do with the tensor ${name}: the model was changed, or ${newer}`,
  ],
  [
    /Duplicated tensor name '([^']+)'/,
    (name = '') => `the tensor ${name} is there twice: old weights may lie beside new ones in the folder`,
  ],
];

const ofConfig: Pattern[] = [
  [/could not find any of: (\[[^\]]+\])/, (keys = '') => `config.json has none of ${keys.replace(/[[\]']/g, '')}`],
  [/JSONDecodeError: (.+)/, (what = '') => `a JSON file of the model is damaged (${what}): fetch the .json files again`],
];

const ofPython: Pattern[] = [
  [/ModuleNotFoundError: No module named '([^']+)'/, (name = '') => `its Python environment lacks ${name}; run qpipe setup`],
  [/sentencepiece is not installed/, 'its Python environment lacks sentencepiece; run qpipe setup'],
  [
    /ImportError: ([^\n]*cannot import name[^\n]*)/,
    (what = '') => `its Python packages do not fit this converter (${what}); run qpipe setup`,
  ],
  [
    /requires the following packages that were not found in your environment: ([^\n.]+)/,
    (names = '') => `its tokenizer needs Python packages that are not there: ${names}; name an interpreter that has them with --python`,
  ],
];

const ofArguments: Pattern[] = [
  [/error: unrecognized arguments: ([^\n]+)/, (names = '') => `it does not take the argument ${names}: mend \`args\` under tools`],
  [
    /error: argument ([^\n:]+): ([^\n]+)/,
    (name = '', why = '') => `it does not take the value of its argument ${name}: ${why.replace(/ \(choose from .*/, '')}`,
  ],
];

/** Words of Python and its packages for a machine that has no more. */
const ofMachine: Pattern[] = [
  [
    /MemoryError|can't allocate memory|failed to map segment from shared object/,
    'memory ran out: free some; the converter needs about the size of the largest tensor, four times',
  ],
  [/OSError: \d+ requested and \d+ written/, 'the disk is full: make room, or name another folder with --out'],
  [/PermissionError: \[Errno 13\] Permission denied: '([^']+)'/, (file = '') => `${file} may not be opened: look at its owner and rights`],
];

/** Without the words of another error that came of it: a model may have its tokenizer in another file. */
const fileMissing: Pattern[] = [
  [
    /(?:FileNotFoundError: File not found: |No such file or directory: ')([^\s']+)(?!.*During handling)/s,
    (file = '') => `${nameOf(file)} is not there`,
  ],
];

const otherwise: Pattern[] = [
  [/^ +(assert .+)\n(?:[ ~^]+\n)?AssertionError$/m, (check = '') => `the model is not as the converter expects it (${check})`],
];

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export const convertFailures: Pattern[] = [
  ...ofArchitecture,
  ...ofCompanions,
  ...ofQuantized,
  ...ofTokenizer,
  ...ofWeights,
  ...ofConfig,
  ...ofPython,
  ...ofArguments,
  ...ofMachine,
  ...notStarted,
  ...memoryFailures,
  ...diskFailures,
  ...fileMissing,
  ...otherwise,
];
