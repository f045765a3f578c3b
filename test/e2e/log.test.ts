import '../support/own-machine.ts';
import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Printed, qpipe } from '../support/cli.ts';
import { type FakeLab, fakeLab, small } from '../support/fake-lab.ts';
import type { Ran } from '../support/lab.ts';

/** Two runs of one pipeline, in the second of which a quant fails, and one of another. */
let lab: FakeLab;
let first: Ran;
let second: Ran;
let other: Ran;

beforeAll(async () => {
  lab = fakeLab({ ...small, quants: ['Q8_0', 'Q4_K_M'] });
  first = await lab.run({ quants: ['Q8_0'] });
  lab.fakes.misbehave({ at: 'quantize:Q4_K_M', exit: 1, stderr: 'one\ntwo\x1b[31m\nwrite failed: No space left on device\n' });
  second = await lab.run();
  lab.fakes.misbehave();
  other = await lab.run({ name: 'another', quants: ['Q2_K'], evaluate: 'none' });
});
afterAll(() => lab[Symbol.dispose]());

function log(...args: string[]): Promise<Printed> {
  return qpipe(['log', ...args], { cwd: lab.workspace.root });
}

/** The table's lines, by task. */
function rows(printed: Printed): Record<string, string> {
  const lines = printed.stdout.split('\n').map((line) => line.split(/ {2,}/));
  return Object.fromEntries(lines.flatMap(([task, ...cells]) => (cells.length > 0 && task ? [[task, cells.join(' | ')]] : [])));
}

const reason = 'the disk is full: make room, or name another folder with --out';

describe('qpipe log', () => {
  test('of a pipeline shows what became of each task of its newest run', async () => {
    const printed = await log('tiny');
    expect(printed).toMatchObject({ code: 0, stderr: '' });
    expect(printed.stdout).toMatch(new RegExp(`^tiny, run ${second.result.id}, \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d UTC\n`));
    expect(rows(printed)).toMatchObject({
      convert: 'made before',
      'quantize:Q8_0': 'made before',
      'quantize:Q4_K_M': expect.stringMatching(/^failed \| \d\.\d s \| llama-quantize failed with exit code 1: the disk is full/),
      'divergence:Q4_K_M': 'skipped | because quantize:Q4_K_M failed',
    });
    expect(printed.stdout).toContain(`What a task's tools printed: qpipe log ${second.result.id} quantize:Q4_K_M\n`);
  });

  test('of a run shows that one, and without a name the newest of all', async () => {
    const printed = await log(first.result.id);
    expect(rows(printed)).toMatchObject({
      convert: expect.stringMatching(/^run \| \d\.\d s$/),
      'quantize:Q8_0': expect.stringMatching(/^run /),
    });
    expect((await log()).stdout).toContain(`another, run ${other.result.id}`);
  });

  test('of a failed task shows why, what it printed, and the command that does it again', async () => {
    const printed = await log('tiny', 'quantize:Q4_K_M');
    expect(printed.stdout).toContain(`quantize:Q4_K_M of tiny, run ${second.result.id}\nfailed: 0.`);
    expect(printed.stdout).toContain(`\nllama-quantize failed with exit code 1: ${reason}\n`);
    expect(printed.stdout).toMatch(/\nran: \S+\/llama-quantize .* Q4_K_M \d+\n/);
    expect(printed.stdout).toContain('\n--- stderr\n');
    expect(printed.stdout).toContain('one\ntwo\nwrite failed: No space left on device\n');
    const command = /^command: (.+)$/m.exec(printed.stdout)?.[1] ?? '';
    expect(spawnSync('sh', ['-c', command], { cwd: tmpdir() }).status).toBe(0);
  });

  test('of a task that ran, or was made before, shows what it printed then', async () => {
    const ran = await log(first.result.id, 'quantize:Q8_0');
    expect(ran.stdout).toMatch(/^run: \d{4}-.* UTC on \S+, \d\.\d s$/m);
    expect(ran.stdout).toMatch(/^ran: llama-quantize .* Q8_0 \d+$/m);
    expect(ran.stdout).toContain('quant size');
    const made = await log(second.result.id, 'QUANTIZE:q8_0');
    expect(made.stdout).toMatch(/^made before: \d{4}-/m);
    expect(afterHead(made.stdout)).toBe(afterHead(ran.stdout));
  });

  test('of a skipped task shows what it was skipped for', async () => {
    const printed = await log('tiny', 'divergence:Q4_K_M');
    expect(printed.stdout).toContain('skipped\nbecause quantize:Q4_K_M failed\n');
    expect(printed.stdout).toContain(`qpipe log ${second.result.id} quantize:Q4_K_M`);
  });

  test('takes a single word that is no run for a task of the newest one', async () => {
    const printed = await log('quantize:Q2_K');
    expect(printed.stdout).toContain(`quantize:Q2_K of another, run ${other.result.id}`);
  });

  test('says the same as JSON', async () => {
    const run = JSON.parse((await log('tiny', '--json')).stdout);
    expect(run).toMatchObject({ run: second.result.id, pipeline: 'tiny', ended: true });
    expect(run.tasks).toContainEqual({ task: 'divergence:Q4_K_M', state: 'skipped', because: 'quantize:Q4_K_M' });
    const failed = JSON.parse((await log('tiny', 'quantize:Q4_K_M', '--json')).stdout);
    expect(failed).toMatchObject({
      state: 'failed',
      message: expect.stringContaining(reason),
      repeat: expect.stringMatching(/^sh \S+repeat\.sh$/),
    });
    expect(failed.stderr).toContain('two\x1b[31m\n');
    const made = JSON.parse((await log('tiny', 'convert', '--json')).stdout);
    expect(made).toMatchObject({
      state: 'made',
      commands: [expect.stringContaining('convert_hf_to_gguf')],
      made: { seconds: expect.any(Number) },
    });
  });

  test('of a run that was killed shows what was at work', async () => {
    const events = lab.workspace.path('out/store/runs', '20990101T000000Z-1', 'events.ndjson');
    lab.workspace.write('out/store/runs/20990101T000000Z-1/plan.json', '{}');
    const start = { type: 'run-start', run: 'x', pipeline: 'killed', tasks: ['convert', 'logits'].map((id) => ({ id, state: 'run' })) };
    const begun = { type: 'task-start', task: 'convert', threads: 2 };
    for (const event of [start, begun]) appendFileSync(events, `${JSON.stringify({ ts: '2099-01-01T00:00:00.000Z', ...event })}\n`);
    appendFileSync(events, '{"type":"task-do');
    const printed = await log('killed');
    expect(rows(printed)).toMatchObject({ convert: 'at work, or killed', logits: 'not reached' });
    expect((await log('killed', 'convert')).stdout).toContain('Nothing is kept of it.');
    rmSync(lab.workspace.path('out/store/runs/20990101T000000Z-1'), { recursive: true });
  });

  test('says when what was printed is no longer there', async () => {
    const [record] = [...second.result.outcomes.values()].flatMap((outcome) => ('record' in outcome ? [outcome.record] : []));
    const { sha256 = '' } = record?.outputs.find(({ name }) => name === '#stdout') ?? {};
    rmSync(lab.store().objectPath(sha256));
    expect((await log('tiny', record?.task ?? '')).stdout).toContain('--- stdout: no longer there');
  });
});

describe('a mistake exits with 2 and names what is near:', () => {
  const mistakes: [args: string[], message: RegExp][] = [
    [['tyny'], /^error: there is no run, pipeline or task tyny; did you mean `tiny`\? There are another, tiny, \d/],
    [['tyny', 'convert'], /^error: there is no run or pipeline tyny; did you mean `tiny`\?/],
    [['tiny', 'quantise:Q8_0'], /^error: run \S+ has no task quantise:Q8_0; did you mean `quantize:Q8_0`\? There are convert, /],
    [['nothing', 'like-it'], /^error: there is no run or pipeline nothing; there are another, tiny, \d/],
    [['quantize:Q9_K'], /^error: .*did you mean `quantize:Q2_K`\?/],
  ];
  test.each(mistakes)('qpipe log %j', async (args, message) => {
    expect(await log(...args)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(message) });
  });

  test('a folder without runs, which stays as it is', async () => {
    const printed = await log('--out', 'empty');
    expect(printed).toMatchObject({ code: 2, stderr: expect.stringMatching(/^error: \S+empty holds no runs: run a pipeline first/) });
    expect(existsSync(lab.workspace.path('empty'))).toBe(false);
  });
});

function afterHead(printed: string): string {
  return printed.slice(printed.indexOf('\n\n'));
}
