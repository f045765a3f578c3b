import '../support/own-machine.ts';
import { cpSync, existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { binary, qpipe, startProgram } from '../support/cli.ts';
import { copyDemo, demo, realTools } from '../support/real-lab.ts';
import { workspace } from '../support/workspace.ts';

/** What the command prints and how it ends. */
const space = workspace();
const here = { cwd: space.root };
const pipeline = {
  name: 'demo',
  model: { path: 'model', name: 'Demo' },
  imatrix: { text: 'calibration.txt', chunks: 4 },
  quants: ['Q8_0', 'Q2_K'],
  evaluate: { text: 'evaluation.txt', context: 128, chunks: 8 },
  bench: 'none',
};

beforeAll(async () => {
  await realTools();
  copyDemo(space, 'model');
  cpSync(demo.calibration, space.path('calibration.txt'));
  cpSync(demo.evaluation, space.path('evaluation.txt'));
  space.write('demo.yaml', JSON.stringify(pipeline));
});
afterAll(() => space[Symbol.dispose]());

describe('Ctrl-C', () => {
  test('exits with 130 and says how to go on, and the same command goes on', async () => {
    const { child, ended, stdout } = startProgram(process.execPath, [binary, 'run', 'demo.yaml', '--json'], here);
    await vi.waitUntil(() => stdout().includes('"type":"task-start","task":"imatrix"'), { timeout: 120_000, interval: 20 });
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ code: 130, stderr: expect.stringContaining('run the same command again') });
    const next = await qpipe(['run', 'demo.yaml'], here);
    expect(next).toMatchObject({ code: 0, stderr: expect.stringMatching(/[1-9]\d* made already/) });
  });
});

describe('a run', () => {
  test('prints nothing with --quiet', async () => {
    expect(await qpipe(['run', 'demo.yaml', '--quiet', '--out', 'quiet'], here)).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  test('prints a JSON object per event on stdout with --json, and nothing else', async () => {
    const { code, stdout, stderr } = await qpipe(['run', 'demo.yaml', '--json', '--force', 'quantize:Q2_K'], here);
    expect([code, stderr]).toEqual([0, '']);
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; ts: string });
    expect(events.map(({ type }) => type)).toEqual(expect.arrayContaining(['run-start', 'task-start', 'task-done', 'run-end']));
    for (const { ts } of events) expect(new Date(ts).toISOString()).toBe(ts);
    expect(events.at(-1)).toMatchObject({ type: 'run-end', ran: 1, failed: 0 });
  });

  test('with a named build says where that lies, and its results do not', async () => {
    const { binaries } = await realTools();
    const folder = dirname(binaries.quantize);
    const { code, stdout, stderr } = await qpipe(['run', 'demo.yaml', '--llama-cpp', folder, '--only', 'Q8_0', '--out', 'named'], here);
    expect([code, stderr]).toEqual([0, expect.stringContaining(`in ${folder}`)]);
    const shown = [
      stdout,
      ...['manifest.json', 'results.json', 'report.html', 'report.md', 'report.csv'].map((name) =>
        readFileSync(space.path('named/demo', name), 'utf8'),
      ),
    ];
    for (const text of shown) expect(text).not.toContain(folder);
  });

  test('takes several files, and checks all before it runs one', async () => {
    space.write('broken.yaml', 'model: ./model\nquantz: [Q8_0]\n');
    const { code, stdout, stderr } = await qpipe(['run', 'demo.yaml', 'broken.yaml'], here);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/broken\.yaml:2:1[\s\S]*quants/);
  });

  test('tells mistakes of the file and of the types together, in order', async () => {
    space.write('mixed.yaml', 'model: ./model\nquants: [Q4_KM, { type: Q8_0, tensors: { output: Q9_K } }]\nevaluate: ./nothing.txt\n');
    const { code, stderr } = await qpipe(['run', 'mixed.yaml'], here);
    expect(code).toBe(2);
    expect(stderr.match(/^mixed\.yaml:\d+:\d+/gm)).toEqual(['mixed.yaml:2:10', 'mixed.yaml:2:50', 'mixed.yaml:3:11']);
  });

  test('takes several files, and asks about all their types before it runs one', async () => {
    space.write('second.yaml', 'model: ./model\nimatrix: none\nquants: [Q4_KM, IQ2_XXS]\n');
    const { code, stdout, stderr } = await qpipe(['run', 'demo.yaml', 'second.yaml', '--out', 'several-types'], here);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/second\.yaml:3:10: error: llama-quantize knows no type `Q4_KM`/);
    expect(stderr).toMatch(/second\.yaml:3:17: error: IQ2_XXS needs an importance matrix/);
    expect(existsSync(space.path('several-types/demo'))).toBe(false);
  });

  test('takes several files, and looks at all their models before it runs one', async () => {
    space.write('half/model-F16.gguf', 'GGUF and then nothing');
    space.write('half.yaml', 'model: { gguf: ./half/model-F16.gguf }\nquants: [Q8_0]\n');
    const { code, stdout, stderr } = await qpipe(['run', 'demo.yaml', 'half.yaml', '--out', 'several'], here);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^half\.yaml:1:16: error: .*model-F16\.gguf is not a whole GGUF/);
    expect(existsSync(space.path('several'))).toBe(false);
  });

  test('leaves the log of its events in the store', async () => {
    const { stdout } = await qpipe(['run', 'demo.yaml', '--json'], here);
    const { run } = JSON.parse(stdout.split('\n').find((line) => line.includes('run-start')) ?? '') as { run: string };
    const log = readFileSync(space.path('out/store/runs', run, 'events.ndjson'), 'utf8')
      .trimEnd()
      .split('\n');
    expect(log.map((line, i) => (JSON.parse(line) as { seq: number }).seq === i)).not.toContain(false);
  });
});

describe('a mistake on the command line exits with 2 and a sentence:', () => {
  const mistakes: [args: string[], sentence: RegExp][] = [
    [[], /name a command/],
    [['frobnicate'], /frobnicate/],
    [['run'], /qpipe run --help/],
    [['run', 'missing.yaml'], /missing\.yaml/],
    [['run', 'demo.yaml', '--frob'], /frob/],
    [['run', 'demo.yaml', '--failures', 'maybe'], /failures/],
    [['run', 'demo.yaml', '--threads', '0'], /threads/],
    [['run', 'demo.yaml', '--threads', 'many'], /threads/],
    [['run', 'demo.yaml', '--threads'], /threads/],
    [['plan', 'demo.yaml', '--only'], /only/],
    [['plan', 'demo.yaml', '--out', 'a', '--out', 'b'], /--out is given twice/],
    [['explain', 'demo.yaml', 'quantise'], /did you mean `quantize`/],
    [['log', 'nothing'], /nothing|no runs/],
    [['run', 'demo.yaml', '--only', 'Q9_9'], /Q9_9/],
    [['run', 'demo.yaml', '--force', 'quantize:Q9_9'], /Q9_9/],
    [['quantize', 'missing', 'Q8_0'], /missing/],
    [['quantize', 'model', 'Q9_9'], /Q9_9/],
    [['quantize', 'model', 'Q8_0', '--chunks', '0'], /chunks/],
    [['measure', 'missing.gguf'], /missing\.gguf/],
    [['measure', 'calibration.txt'], /calibration\.txt/],
    [['report', 'nothing'], /nothing/],
    [['report', '--format', 'pdf'], /format/],
    [['schema', 'everything'], /everything/],
  ];
  test.each(mistakes)('%j', async (args, sentence) => {
    const { code, stdout, stderr } = await qpipe(args, here);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(sentence);
    expect(stderr).not.toMatch(/ {4}at .*:\d+:\d+/);
  });
});
