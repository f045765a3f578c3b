import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readGguf } from '../../dist/gguf/header.js';
import { findTools } from '../../dist/setup/find-tools.js';
import { runDemo } from './qpipe.mjs';
import { benchmarksBegin, fileOf, rowOf, shellScript } from './shell-script.mjs';
import { settleDisk, timed } from './timed.mjs';

/** The demo from nothing: qpipe beside a shell loop that runs the same commands, in turns, each into an empty folder. */
export async function compareCold(recorded, { folder, rounds, threads }) {
  const tools = await findTools({ path: null, cmake: [], python: null, needConverter: true, offline: true }, () => {});
  const programs = {
    'convert_hf_to_gguf.py': tools.converter.python,
    'llama-quantize': tools.binaries.quantize,
    'llama-imatrix': tools.binaries.imatrix,
    'llama-perplexity': tools.binaries.perplexity,
    'llama-bench': tools.binaries.bench,
    'llama-completion': tools.binaries.completion,
  };
  const most = threads ?? Math.max(...[...recorded.records.values()].map((record) => record.threads));
  const script = join(folder, 'demo.sh');
  writeFileSync(script, shellScript({ ...recorded, programs, threads: most }));
  const types = tensorTypes(recorded);
  const sides = {
    shell: (out) => runShell(script, out, types),
    qpipe: (out) => {
      const { seconds, secondsToBenchmarks } = runDemo({ out, threads });
      return { seconds, secondsToBenchmarks };
    },
  };
  const sameFiles = warmUp(sides, recorded, join(folder, 'warm-up'));
  const measured = [];
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? ['shell', 'qpipe'] : ['qpipe', 'shell'];
    measured.push(Object.fromEntries(order.map((side) => [side, inEmptyFolder(folder, sides[side])])));
    console.error(
      `round ${round + 1} of ${rounds}: ${order.map((side) => `${side} ${measured[round][side].seconds.toFixed(2)} s`).join(', ')}`,
    );
  }
  return { threads: most, llamaCpp: tools.build.description, sameFiles, peakMemory: recorded.peakMemory, rounds: measured };
}

/** qpipe's turn was the recorded run. The shell's files have to be qpipe's, byte for byte: else it did other work. */
function warmUp({ shell }, { tasks, records }, out) {
  shell(out);
  const made = tasks.flatMap((task) => task.outputs.map((output) => ({ task, output })));
  const differing = made.filter(({ task, output }) => {
    const kept = records.get(task.id).outputs.find(({ name }) => name === output);
    return sha256(join(out, fileOf(task.id, output))) !== kept.sha256;
  });
  rmSync(out, { recursive: true });
  if (differing.length > 0) throw new Error(`the shell's files differ from qpipe's: ${differing.map(({ task }) => task.id).join(', ')}`);
  return made.length;
}

function inEmptyFolder(folder, run) {
  const out = join(folder, 'out');
  settleDisk();
  try {
    return run(out);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

function runShell(script, out, types) {
  mkdirSync(out);
  for (const [name, text] of types) writeFileSync(join(out, name), text);
  const { seconds, startedAt } = timed('sh', [script], { cwd: out, env: cleanEnvironment() });
  return { seconds, secondsToBenchmarks: (statSync(join(out, benchmarksBegin)).mtimeMs - startedAt) / 1000 };
}

/** What qpipe lets its tools see, as far as it can change their speed. */
function cleanEnvironment() {
  const names = ['PATH', 'HOME', 'TMPDIR', 'LD_LIBRARY_PATH', 'CUDA_VISIBLE_DEVICES'];
  return { ...Object.fromEntries(names.filter((name) => name in process.env).map((name) => [name, process.env[name]])), LC_ALL: 'C.UTF-8' };
}

/** The lists that qpipe made of dry runs, from the files that came of them. */
function tensorTypes({ out, tasks, records }) {
  const listed = tasks.filter(({ id, op }) => op === 'quantize' && records.get(id).commands.at(-1).includes('--tensor-type-file'));
  return listed.map((task) => {
    const { sha256 } = records.get(task.id).outputs.find(({ name }) => name === 'quant.gguf');
    const { tensors } = readGguf(join(out, 'store', 'cas', sha256.slice(0, 2), sha256));
    return [`${rowOf(task)}.types`, tensors.map(({ name, type }) => `^${name.replaceAll('.', '\\.')}$=${type.toLowerCase()}\n`).join('')];
  });
}

function sha256(path) {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
