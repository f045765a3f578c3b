import { dirname } from 'node:path';

/** Touched between the work and the benchmarks. */
export const benchmarksBegin = 'benchmarks-begin';

/**
 * What a run of qpipe did, as a person would write it: the recorded commands, one after the other, in loops over the types, each
 * with all the threads. Without the dry runs; the tensor types that qpipe learnt from them lie in `<row>.types`.
 * @param programs path of each program by the name it is recorded under
 */
export function shellScript({ tasks, records, programs, threads }) {
  const line = (task, call = records.get(task.id).commands.at(-1)) => command(task, call, { programs, threads });
  const unknown = tasks.find(({ op }) => !['convert', 'imatrix', 'logits', 'quantize', 'divergence', 'samples', 'bench'].includes(op));
  if (unknown) throw new Error(`the script has no place for ${unknown.id}: write one`);
  const of = (op) => tasks.filter((task) => task.op === op);
  const quantized = new Set(of('quantize').map(rowOf));
  const [ofRows, ofOthers] = split(of('divergence'), (task) => quantized.has(rowOf(task)));
  const once = tasks.filter((task) => ['convert', 'imatrix', 'logits'].includes(task.op) || ofOthers.includes(task));
  const table = of('quantize').map((task) => [rowOf(task), ...line(task)]);
  const [[, quantize]] = table;
  return [
    '#!/bin/sh',
    'set -eu',
    'export HF_HUB_OFFLINE=1 TRANSFORMERS_OFFLINE=1 PYTHONNOUSERSITE=1 PYTHONDONTWRITEBYTECODE=1',
    ...links(tasks),
    ...once.map((task) => `${line(task).map(quoted).join(' ')} >${quoted(task.id)}.log 2>&1`),
    'while read -r row flags; do',
    `  ${quoted(quantize)} $flags >"quantize-$row.log" 2>&1 </dev/null`,
    `  ${sameForEach(ofRows, line)} >"divergence-$row.log" 2>&1 </dev/null`,
    "done <<'ROWS'",
    ...table.map(([row, , ...flags]) => [row, ...flags.map(plain)].join(' ')),
    'ROWS',
    ...of('samples').slice(0, 1).flatMap(prompts),
    ...of('samples').flatMap((task) => records.get(task.id).commands.map((call) => `${line(task, call).map(quoted).join(' ')} >samples.log 2>&1`)),
    `: >${benchmarksBegin}`,
    'while read -r row round; do',
    `  ${sameForEach(of('bench'), line)} >"bench-$row-$round.log" 2>&1 </dev/null`,
    "done <<'ROUNDS'",
    ...of('bench').map((task) => [rowOf(task), roundOf(task)].map(plain).join(' ')),
    'ROUNDS',
    '',
  ].join('\n');
}

/** `Q4_0` of `quantize:Q4_0` and of `bench:Q4_0:3`. */
export function rowOf({ id }) {
  return id.split(':')[1];
}

/** A recorded command with the script's names for files, and all the threads; the last one of a record, where those before it are dry runs. */
function command(task, [name, ...args], { programs, threads }) {
  const names = fileNames(task);
  const inWords = args.map((word, i) => {
    const isThreads = ['-t', '-tb'].includes(args[i - 1]) || (task.op === 'quantize' && i === args.length - 1);
    return isThreads ? String(threads) : (names.get(word) ?? word);
  });
  if (!programs[name]) throw new Error(`the script does not know ${name}`);
  return [programs[name], ...inWords];
}

/** The script's name for each file in a task's working folder. */
function fileNames(task) {
  const inputs = Object.values(task.inputs).flat();
  return new Map([
    ...inputs.filter(({ source }) => 'task' in source).map(({ name, source }) => [name, fileOf(source.task, source.output)]),
    ...task.outputs.map((output) => [output, fileOf(task.id, output)]),
    ['tensor-types.txt', `${rowOf(task)}.types`],
  ]);
}

/** What qpipe writes for the tool: a prompt with a line break, which the tool takes away. The demo's model has no chat template. */
function prompts({ params }) {
  return Object.entries(params.questions).map(([number, text]) => `printf '%s\\n' ${quoted(text)} >prompt-${number}.txt`);
}

/** Files from elsewhere, by the names under which qpipe shows them to the tools: some write the name into what they make. */
function links(tasks) {
  const outside = tasks.flatMap(({ inputs }) => Object.values(inputs).flat()).filter(({ source }) => 'path' in source);
  // A model's files lie in a folder, which is what the converter is given.
  const named = outside.map(({ name, source: { path } }) => (name.includes('/') ? [dirname(path), dirname(name)] : [path, name]));
  return [...new Set(named.map((words) => `ln -s ${words.map(quoted).join(' ')}`))];
}

export function fileOf(task, output) {
  if (task === 'convert') return 'base.gguf';
  return task.startsWith('quantize:') ? `${rowOf({ id: task })}.gguf` : output;
}

/** One command for all of them, with the shell's `$row` in the place of the model. */
function sameForEach(tasks, line) {
  const inLoop = (task) => line(task).map((word) => (word === `${rowOf(task)}.gguf` ? '"$row.gguf"' : quoted(word)));
  const [first, ...others] = tasks.map((task) => inLoop(task).join(' '));
  if (others.some((other) => other !== first)) throw new Error('the commands of a loop differ: write them out in the script');
  return first;
}

/** `3` of `bench:Q4_0:3`. */
function roundOf({ id }) {
  return id.split(':')[2];
}

function split(all, test) {
  return [all.filter(test), all.filter((one) => !test(one))];
}

function quoted(word) {
  return /^[\w./:=+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** A word that the shell leaves alone also without quotes. */
function plain(word) {
  if (quoted(word) !== word) throw new Error(`${word} cannot stand in the script's table`);
  return word;
}
