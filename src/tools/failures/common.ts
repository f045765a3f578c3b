import type { Pattern } from './explain.ts';
import { diskFailures, gpuFailures, gpuNotFound, memoryFailures, notStarted } from './machine.ts';

const newer = 'take a newer release of llama.cpp';

const contextMemory: Pattern[] = [
  [
    /failed to allocate buffer for (?:kv|rs) cache/,
    'memory ran out when it made room for the context: free memory, or say a smaller `context`',
  ],
];

const files: Pattern[] = [
  [/failed to open GGUF file '([^']+)' \(([^)]+)\)/, (file = '', why = '') => `${file} cannot be opened: ${why}`],
  [/failed to open file '([^']+)'(?! for writing)/, (file = '') => `${file} cannot be opened`],
  [/failed to open ([^\s':]+): ([A-Z][^\n]+)/, (file = '', why = '') => `${file} cannot be opened: ${why}`],
  [
    /failed to write GGUF data|basic_ios::clear: iostream error|unexpectedly failed to write bytes|: write error: /,
    'its output cannot be written: the disk is full, or the folder is closed to writing',
  ],
  [/failed to open file '([^']+)' for writing/, (file = '') => `${file} cannot be written`],
];

const argumentsRefused: Pattern[] = [
  [/error while handling argument "([^"]+)": (?:error: )?([^\n]+)/, (name = '', why = '') => refusedValue(name, why)],
  [/error: (?!invalid parameter)([^\n]+)\nerror: invalid parameter for argument: (\S+)/, (why = '', name = '') => refusedValue(name, why)],
  [
    /error: invalid (?:argument|parameter for argument): (\S+)/,
    (name = '') => `it does not take the argument ${name}: mend \`args\` under tools, or ${newer}`,
  ],
];

/** What C++ says of a text that is no number is the name of a function. */
function refusedValue(name: string, why: string): string {
  return `it does not take the value of its argument ${name}: ${/^sto[a-z]+$/.test(why) ? 'it has to be a number' : why}`;
}

/** Why a GGUF is refused, from its first bytes on. */
const models: Pattern[] = [
  [/invalid magic characters: 'vers'/, 'its model file is only a pointer of Git LFS: fetch the file itself (git lfs pull)'],
  [/invalid magic characters|failed to read magic/, 'its model file is not a GGUF'],
  [
    /this GGUF file is version (\d+) but this software only supports up to version (\d+)/,
    (version = '', known = '') => `the model file is of GGUF version ${version}, and this llama.cpp reads up to ${known}: ${newer}`,
  ],
  [/GGUFv1 is no longer supported|bad GGUF version/, 'the model file is of a GGUF version that is no longer read: convert the model again'],
  [/mismatch between the host and model endianness/, 'the model file is for machines of the other byte order: convert the model again'],
  [
    /tensor '([^']+)' has invalid ggml type (\d+)/,
    (name = '', type = '') => `the tensor ${name} is of a type that this llama.cpp does not know (number ${type}): ${newer}`,
  ],
  [/tensor '([^']+)' data is not within the file bounds/, (name = '') => `the model file is cut: ${name} lies beyond its end`],
  [
    /corrupted model: (\d+) tensors expected but (\d+) found/,
    (all = '', has = '') => `parts of the model are missing: ${has} of ${all} tensors`,
  ],
  [
    /failed to read (?:header|key-value pairs|tensor info|tensor data)|exceeds remaining file size|unexpectedly reached end of file/,
    'the model file is cut or damaged: fetch it or make it again',
  ],
  [/failed to load GGUF split from (\S+)/, (file = '') => `${file}, a part of the model, cannot be read`],
  [
    /missing key \S+ in GGUF split (\S+)|invalid split file idx: \d+ \(file: ([^)]+)\)/,
    (a = '', b = '') => `${a || b} is no part of this model, or not this one`,
  ],
  [/illegal split file idx|invalid split file name/, 'a model of several files is named by its first one (-00001-of-...)'],
  [/CLIP cannot be used as main model/, 'it is only the eyes of a model (mmproj), which cannot be used alone'],
  [
    /un(?:known|supported) model architecture: '([^']*)'/,
    (name = '') => `this llama.cpp does not know the architecture ${name || '(the file names none)'}: ${newer}`,
  ],
  [/unknown pre-tokenizer type: '([^']+)'/, (name = '') => `this llama.cpp does not know the model's tokenizer (${name}): ${newer}`],
  [/unknown tokenizer: '([^']+)'/, (name = '') => `this llama.cpp does not know the model's tokenizer (${name}): ${newer}`],
  [
    /cannot find tokenizer (\w+) in model file|key not found in model: tokenizer\.(\S+)/,
    (what = '', key = '') => `the model file has no whole tokenizer (${what || key} is missing): convert the model again`,
  ],
  [
    /key not found in model: (\S+)/,
    (key = '') => `the model file lacks ${key}: it was made for another release of llama.cpp; convert the model again`,
  ],
  [/missing tensor '([^']+)'|tensor '([^']+)' not found/, (a = '', b = '') => `the model file lacks the tensor ${a || b}`],
  [
    /tensor '([^']+)' has wrong shape/,
    (name = '') => `the tensor ${name} has not the shape that this llama.cpp expects: the file is damaged, or ${newer}`,
  ],
  [
    /wrong number of tensors; expected (\d+), got (\d+)/,
    (has = '', known = '') => `the model file has ${has} tensors, and this llama.cpp knows ${known} of them: ${newer}`,
  ],
  [
    /no CPU backend found|no backends are loaded|CPU backend is not loaded/,
    'this build finds none of its parts: keep its libraries (libggml-*) beside its programs',
  ],
];

/** Ends that say little of what is wrong; looked at last. */
export const givenUp: Pattern[] = [
  [
    /(\S+\.\w+:\d+): GGML_ASSERT\((.+)\) failed/,
    (place = '', what = '') => `a check inside llama.cpp failed (${what} at ${fileOf(place)}): another release may not have this fault`,
  ],
  [
    /^(\S+\.(?:c|cpp|cu|cuh|h|m|mm):\d+): ([^\n]*)$/m,
    (place = '', what = '') =>
      `llama.cpp gave up (${what || 'without a word'} at ${fileOf(place)}): another release may not have this fault`,
  ],
  [/terminate called after throwing an instance of '[^']+'\s+what\(\):\s+([^\n]+)/, (what = '') => `it gave up: ${what}`],
  [/error loading model: ([^\n]+)/, (what = '') => `the model could not be loaded: ${what}`],
  [/failed to load model|unable to load model/, 'the model could not be loaded'],
  [/failed to create context|failed to initialize the context/, 'the model was loaded, but it could not begin to work'],
];

function fileOf(place: string): string {
  return place.slice(place.lastIndexOf('/') + 1);
}

/** What llama.cpp's programs have in common; looked at after what each one says of its own work. */
export const commonFailures: Pattern[] = [
  ...notStarted,
  ...gpuFailures,
  ...contextMemory,
  ...memoryFailures,
  ...diskFailures,
  ...files,
  ...argumentsRefused,
  ...models,
  ...gpuNotFound,
];
