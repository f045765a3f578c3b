/** How far a tool has come. */
export interface Progress {
  done: number;
  total: number;
  /** What is counted: `tensors`, `chunks`, `%`. */
  unit: string;
}

/** Lines of llama.cpp's log begin with time and level: `0.20.008.919 I `. They may be glued to what was printed before. */
export function withoutPrefix(text: string): string {
  return text.replace(/\d+\.\d{2}\.\d{3}\.\d{3} [IWED] /g, '');
}

export type Pattern = [RegExp, string | ((...groups: string[]) => string)];

/** What several of the tools say when something common goes wrong; first match wins. */
export const commonFailures: Pattern[] = [
  [/error: invalid (?:argument|parameter for argument): (\S+)/, (argument = '') => `it does not take the argument ${argument}`],
  [/failed to open GGUF file '([^']+)' \(([^)]+)\)/, (file = '', why = '') => `${file} cannot be opened: ${why}`],
  [/failed to open file '([^']+)'/, (file = '') => `${file} cannot be opened`],
  [/failed to allocate|cannot allocate memory|bad_alloc|out of memory/i, 'memory ran out'],
  [/No space left on device|basic_ios::clear: iostream error/, 'the disk is full, or the output cannot be written'],
  [/unknown model architecture: '([^']+)'/, (name = '') => `this llama.cpp does not know the architecture ${name}`],
  [/invalid magic|not a GGUF|failed to read magic/i, 'its model file is not a GGUF'],
  [/tensor '([^']+)' data is not within the file bounds/, (name = '') => `the model file is cut: ${name} lies beyond its end`],
  [/missing tensor '([^']+)'/, (name = '') => `the model file lacks the tensor ${name}`],
  [/CUDA error: ([^\n]+)/, (what = '') => `CUDA: ${what}`],
  [/failed to load model|unable to load model/, 'the model could not be loaded'],
];

/** The reason that a tool gives in its output, in plain words; undefined when it gives none that is known. */
export function explain(patterns: Pattern[], ...output: string[]): string | undefined {
  const text = withoutPrefix(output.join('\n'));
  for (const [expression, words] of patterns) {
    const match = expression.exec(text);
    if (match) return typeof words === 'string' ? words : words(...match.slice(1).map((group) => group ?? ''));
  }
  return undefined;
}
