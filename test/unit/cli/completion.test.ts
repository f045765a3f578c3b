import { afterAll, describe, expect, test } from 'vitest';
import yargs from 'yargs';
import { candidatesFor } from '../../../src/cli/completion/candidates.ts';
import { commandsIn, type Declare } from '../../../src/cli/completion/declared.ts';
import { wordsOf } from '../../../src/cli/completion/line.ts';
import { keepingCommands } from '../../../src/cli/declare/keep.ts';
import { lookingCommands } from '../../../src/cli/declare/look.ts';
import { makingCommands } from '../../../src/cli/declare/make.ts';
import { recommendingCommands } from '../../../src/cli/declare/recommend.ts';
import { shippingCommands } from '../../../src/cli/declare/ship.ts';
import { watchingCommands } from '../../../src/cli/declare/watch.ts';
import { formatNames } from '../../../src/cli/format-names.ts';
import { resultsWith, rowWith } from '../../support/results.ts';
import { workspace } from '../../support/workspace.ts';

const declarations: Declare[] = [
  makingCommands,
  lookingCommands,
  recommendingCommands,
  shippingCommands,
  watchingCommands,
  keepingCommands,
];
const commands = commandsIn(declarations);
const space = workspace();
afterAll(() => space[Symbol.dispose]());

async function answer(line: string) {
  const { words, files } = await candidatesFor(line, commands);
  return { words: words.map(({ word }) => word), files };
}

function pipeline(name: string, value: object): string {
  return space.write(name, JSON.stringify(value));
}

describe('the words of a line', () => {
  test.each([
    ['qpipe run a', ['qpipe', 'run', 'a']],
    ['  qpipe ', ['qpipe', '']],
    ['qpipe run my\\ pipe.yaml', ['qpipe', 'run', 'my pipe.yaml']],
    [`qpipe "a b" 'c d' e"f g"`, ['qpipe', 'a b', 'c d', 'ef g']],
    ['qpipe run "not closed', ['qpipe', 'run', 'not closed']],
    ["qpipe run 'not closed", ['qpipe', 'run', 'not closed']],
    ['qpipe run \\', ['qpipe', 'run', '']],
    ['qpipe "a \\" b"', ['qpipe', 'a " b']],
    ['', ['']],
  ])('%j', (line, words) => {
    expect(wordsOf(line)).toEqual(words);
  });
});

describe('completion offers', () => {
  test.each(commands.commands.map(({ name }) => name))('the flags that qpipe %s --help lists', async (command) => {
    const help = await new Promise<string>((resolve) => {
      const parser = declarations.reduce((y, declare) => declare(y, async () => {}), yargs());
      void parser.exitProcess(false).parse(`${command} --help`, (_: unknown, __: unknown, output: string) => resolve(output));
    });
    const flags = [...help.matchAll(/^ +--([\w-]+)/gm)].map(([, name]) => name).filter((name) => name !== 'version');
    const offered = (await answer(`qpipe ${command} -`)).words.map((word) => word.replace(/^--(no-(?=bench))?/, ''));
    expect(offered.toSorted()).toEqual(flags.toSorted());
  });

  test('commands, with what they do', async () => {
    expect((await candidatesFor('qpipe ', commands)).words).toContainEqual({
      word: 'run',
      description: 'Make: run a pipeline and report every quant type',
    });
    expect((await answer('qpipe re')).words).toContain('report');
    expect((await answer('qpipe -')).words).toEqual(['--help', '--version']);
    expect(await answer('qpipe unknown ')).toEqual({ words: [], files: null });
  });

  test('a flag once, unless it may be repeated', async () => {
    expect((await answer('qpipe run x.yaml --quiet --only Q8_0 -')).words).toContain('--only');
    expect((await answer('qpipe run x.yaml --quiet --only Q8_0 -')).words).not.toContain('--quiet');
  });

  test('what a flag or a word of the command takes', async () => {
    expect((await answer('qpipe run --failures ')).words).toEqual(['no-new', 'continue', 'kill']);
    expect((await answer('qpipe run --failures=k')).words).toEqual(['no-new', 'continue', 'kill']);
    expect((await answer('qpipe report --format m')).words).toEqual([...formatNames]);
    expect((await answer('qpipe schema ')).words).toEqual(['pipeline', 'results', 'manifest', 'notification']);
    expect((await answer('qpipe run ')).files).toEqual(['yaml', 'yml']);
    expect((await answer('qpipe watch a.yaml ')).files).toEqual(['yaml', 'yml']);
    expect((await answer('qpipe history tiny --metric ')).words).toEqual(expect.arrayContaining(['kld', 'loss', 'tg']));
    expect((await answer('qpipe run a.yaml ')).files).toEqual(['yaml', 'yml']);
    expect((await answer('qpipe measure ')).files).toEqual(['gguf']);
    expect((await answer('qpipe run --out ')).files).toBe('folders');
    expect((await answer('qpipe quantize --text ')).files).toEqual([]);
    expect(await answer('qpipe run --threads ')).toEqual({ words: [], files: null });
    expect((await answer('qpipe quantize model ')).words).toEqual(expect.arrayContaining(['publish', 'Q4_K_M']));
    expect((await answer('qpipe init ')).files).toEqual(['gguf']);
    expect((await answer('qpipe init model --quants Q8_0,')).words).toEqual(expect.arrayContaining(['Q8_0,publish', 'Q8_0,Q4_K_M']));
    expect((await answer('qpipe init model --imatrix ')).words).toEqual(expect.arrayContaining(['wikitext-2-train', 'none']));
    expect((await answer('qpipe run --cmake -DGGML_CUDA=ON --fail')).words).toContain('--failures');
  });

  test('the quants of the pipelines on the line', async () => {
    const first = pipeline('first.yaml', { quants: ['q8_0', ['Q5_K_M'], { type: 'Q4_K_M', name: 'Q4_K_L' }] });
    const second = pipeline('second.yaml', { extends: './first.yaml', model: 'x' });
    const third = pipeline('third.yaml', { quants: ['pi', 3, { name: 'x' }], model: `\${NOT_SET}` });
    expect((await answer(`qpipe run ${first} --only `)).words).toEqual(['Q8_0', 'Q5_K_M', 'Q4_K_L']);
    expect((await answer(`qpipe run ${second} --only Q`)).words).toEqual(['Q8_0', 'Q5_K_M', 'Q4_K_L']);
    expect((await answer(`qpipe run ${first} ${third} --only=`)).words).toEqual(expect.arrayContaining(['Q4_K_L', 'IQ4_NL']));
    expect((await answer(`qpipe run ${space.path('missing.yaml')} --only `)).words).toEqual([]);
    expect((await answer(`qpipe run ${space.write('broken.yaml', 'quants: [')} --only `)).words).toEqual([]);
  });

  test('the tasks of a pipeline, a kind and a row at a time', async () => {
    const file = pipeline('tasks.yaml', { model: './model', quants: ['Q8_0'], compare: ['./theirs.gguf'], bench: { rounds: 2 } });
    expect((await answer(`qpipe explain ${file} `)).words).toEqual([
      ...['convert', 'imatrix', 'logits', 'quantize', 'divergence', 'bench', 'base', 'Q8_0', 'theirs'],
      ...['quantize:Q8_0', 'divergence:base', 'divergence:Q8_0', 'divergence:theirs'],
    ]);
    const rounds = ['base', 'Q8_0', 'theirs'].flatMap((row) => [`bench:${row}:1`, `bench:${row}:2`]);
    expect((await answer(`qpipe run ${file} --force bench:`)).words).toEqual(expect.arrayContaining(['all', ...rounds]));
  });

  test('the tasks of further texts, of dequantized rows and of questions', async () => {
    const evaluate = ['default', './code.v2.txt', { name: 'long', text: 'default' }, { text: { chat: './talk.jsonl' } }];
    const file = pipeline('texts.yaml', {
      quants: ['Q8_0'],
      evaluate,
      arithmetic: true,
      choices: { multipleChoice: 'q.bin' },
      bench: 'none',
    });
    const { words } = await answer(`qpipe explain ${file} `);
    expect(words).toEqual(expect.arrayContaining(['code.v2', 'long', 'talk', 'logits:code.v2', 'choices:base@multiple-choice']));
    const divergence = words.filter((word) => word.startsWith('divergence:Q8_0'));
    expect(divergence).toEqual(['', '@code.v2', '@long', '@talk', '@dequantized'].map((end) => `divergence:Q8_0${end}`));
  });

  test('the samples of each row, where something is asked', async () => {
    const nothing = { quants: ['Q8_0'], evaluate: 'none', imatrix: 'none', bench: 'none' };
    const asking = pipeline('asking.yaml', { ...nothing, samples: 'default' });
    expect((await answer(`qpipe explain ${asking} `)).words).toEqual(expect.arrayContaining(['samples', 'samples:base', 'samples:Q8_0']));
    const silent = pipeline('silent.yaml', { ...nothing, samples: 'none' });
    expect((await answer(`qpipe explain ${silent} `)).words).not.toContain('samples:base');
  });

  test('no tasks that a pipeline has not', async () => {
    const file = pipeline('few.yaml', { model: { gguf: 'x.gguf' }, quants: 'Q8_0', imatrix: 'none', evaluate: 'none', bench: 'none' });
    expect((await answer(`qpipe explain ${file} `)).words).toEqual(['quantize', 'base', 'Q8_0', 'quantize:Q8_0']);
  });

  test('results by the name of their pipeline', async () => {
    space.write('out/mine/results.json', '{}');
    space.write('out/store/nothing.txt', '');
    expect(await answer(`qpipe report --out ${space.path('out')} `)).toEqual({ words: ['mine'], files: ['json'] });
  });

  test('devices by name, and this machine', async () => {
    const { words, files } = await answer('qpipe recommend --device ');
    expect(words).toEqual(expect.arrayContaining(['pi-5-8gb', '2x24gb', 'here']));
    expect(files).toBeNull();
  });

  test('rows of a run to compare', async () => {
    space.write('out/mine/results.json', JSON.stringify(resultsWith([rowWith('Q4_0', 1e9, 0.04, 92), rowWith('Q8_0', 2e9, 0.002, 98)])));
    space.write('out/damaged/results.json', '{');
    const out = `--out ${space.path('out')}`;
    expect((await answer(`qpipe compare ${out} mine `)).words).toEqual(['Q4_0', 'Q8_0', 'damaged', 'mine']);
    expect((await answer(`qpipe compare ${out} mine Q4_0 `)).words).toEqual(['Q4_0', 'Q8_0']);
    expect((await answer(`qpipe compare ${out} damaged x `)).words).toEqual([]);
  });

  test('tasks of a past run, and what became of them', async () => {
    const run = '2025-01-01T00-00-00-abc';
    const events = [
      { type: 'run-start', ts: '', pipeline: 'mine', tasks: [{ id: 'convert' }, { id: 'quantize:Q8_0' }] },
      { type: 'task-failed', ts: '', task: 'convert', message: '' },
    ];
    space.write(`past/store/runs/${run}/events.ndjson`, events.map((event) => `${JSON.stringify(event)}\n`).join(''));
    const out = space.path('past');
    const tasks = [
      { word: 'convert', description: 'failed' },
      { word: 'quantize:Q8_0', description: 'not reached' },
    ];
    expect(await candidatesFor(`qpipe log --out ${out} `, commands)).toEqual({ words: tasks, files: null });
    expect((await candidatesFor(`qpipe log --out ${out} mine `, commands)).words).toEqual(tasks);
    expect((await answer(`qpipe log --out ${out} other `)).words).toEqual([]);
    expect((await answer(`qpipe report --out ${out} 2`)).words).toEqual([run]);
  });
});
