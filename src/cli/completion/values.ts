import type { Answer, Candidate } from './candidate.ts';
import type { Argument } from './declared.ts';
import type { Line } from './line.ts';

type Values = (line: Line) => Answer | Promise<Answer>;

// Loaded by those that need them: a list of commands shall not wait for a YAML parser.
const ofPipelines = () => import('./pipeline-names.ts');
const ofRuns = () => import('./run-names.ts');

/** Arguments that are more than any file, by name; a name means the same in every command. */
const known: Record<string, Values> = {
  file: () => files('yaml', 'yml'),
  files: () => files('gguf', 'json'),
  manifest: () => files('json'),
  from: () => ({ words: [], files: 'folders' }),
  write: () => files('yaml', 'yml'),
  model: () => files('gguf'),
  gguf: () => files('gguf'),
  base: () => files('gguf'),
  out: () => ({ words: [], files: 'folders' }),
  'llama-cpp': () => ({ words: [], files: 'folders' }),
  cmake: () => words([]),
  type: async () => words((await ofPipelines()).quantTypes()),
  quants: async ({ current }) => words(listed((await ofPipelines()).quantTypes(), current)),
  imatrix: async () => ({ words: (await ofPipelines()).calibrationTexts(), files: [] }),
  chunks: () => words([{ word: 'all', description: 'the whole text' }]),
  device: async () => words((await import('./device-names.ts')).devices()),
  table: async () => ({ words: await tables(), files: ['yaml', 'yml'] }),
  with: async (line) => {
    const { rowNames, runNames } = await ofRuns();
    return { words: [...rowNames(outOf(line), line.placed[0]), ...runNames(outOf(line), line.current)], files: ['json'] };
  },
  and: async (line) => words((await ofRuns()).rowNames(outOf(line), line.placed[0])),
  against: async (line) => words((await ofRuns()).runNames(outOf(line), line.current)),
  pipeline: async (line) => ({ words: (await ofRuns()).runNames(outOf(line), ''), files: ['yaml', 'yml'] }),
  metric: async () => words((await import('../../history/metrics.ts')).historyWords.map((word) => ({ word, description: '' }))),
  quant: async (line) => words((await ofRuns()).rowNames(outOf(line), line.placed[0])),
  every: () => words([]),
  at: () => words([]),
  runs: async (line) => ({ words: (await ofRuns()).runNames(outOf(line), line.current), files: ['json'] }),
  only: async (line) => words((await ofPipelines()).quantNames(pipelineFiles(line))),
  force: async (line) => words([{ word: 'all', description: 'every task' }, ...(await tasks(line))]),
  task: async (line) => words(await (takes('file', line) ? tasks(line) : pastTasks(line, line.placed[0]))),
  run: async (line) => {
    const runs = (await ofRuns()).runNames(outOf(line), line.current);
    // Where a task may follow, a task alone is one of the newest run.
    return takes('task', line) ? words([...runs, ...(await pastTasks(line))]) : { words: runs, files: ['json'] };
  },
};

export async function valuesOf(argument: Argument, line: Line): Promise<Answer> {
  if (argument.choices.length > 0) return words(argument.choices.map((word) => ({ word, description: '' })));
  if (argument.number) return words([]);
  return (await known[argument.name]?.(line)) ?? files();
}

async function tasks(line: Line): Promise<Candidate[]> {
  return (await ofPipelines()).taskNames(pipelineFiles(line), line.current);
}

async function pastTasks(line: Line, run?: string): Promise<Candidate[]> {
  return (await ofRuns()).pastTaskNames(outOf(line), run, line.current);
}

async function tables(): Promise<Candidate[]> {
  const { idsOfTables } = await import('../../published/ids.ts');
  return idsOfTables().map((word) => ({ word, description: '' }));
}

/** The last one of several words with commas between them. */
function listed(candidates: Candidate[], current: string): Candidate[] {
  const before = current.slice(0, current.lastIndexOf(',') + 1);
  return candidates.map(({ word, description }) => ({ word: `${before}${word}`, description }));
}

function words(candidates: Candidate[]): Answer {
  return { words: candidates, files: null };
}

function files(...extensions: string[]): Answer {
  return { words: [], files: extensions };
}

function takes(name: string, { scope }: Line): boolean {
  return scope.places.some((place) => place.name === name);
}

function outOf({ given }: Line): string | undefined {
  return given.get('out')?.[0];
}

function pipelineFiles({ placed }: Line): string[] {
  return placed.filter((word) => /\.ya?ml$/.test(word));
}
