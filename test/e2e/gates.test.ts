import '../support/own-machine.ts';
import { existsSync, readdirSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { readResults } from '../../src/results/read.ts';
import { newestRun } from '../../src/run/past-run.ts';
import { Store } from '../../src/store/store.ts';
import type { LlamaCpp } from '../../src/tools/llama-cpp.ts';
import { type FakeLab, fakeLab } from '../support/fake-lab.ts';
import type { Written } from '../support/lab.ts';
import { ownOutput } from '../support/own-output.ts';
import { someText, writeTinyModel } from '../support/tiny-model.ts';

const found = vi.hoisted(() => ({ tools: null as unknown as LlamaCpp }));
vi.mock('../../src/setup/look-for-tools.ts', () => ({ lookForTools: async () => ({ tools: found.tools, missing: [], notes: [] }) }));

let lab: FakeLab;
beforeEach(() => {
  lab = fakeLab({ quants: ['Q8_0', 'Q2_K'], bench: 'none', imatrix: 'none' });
  found.tools = lab.tools;
});
afterEach(() => lab[Symbol.dispose]());

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** `qpipe run` of a pipeline with some keys changed. */
async function run(changes: Written, ...flags: string[]): Promise<Ended> {
  lab.workspace.write('work/nightly.yaml', JSON.stringify({ ...lab.pipeline, ...changes }));
  const output = ownOutput();
  const code = await main(['run', lab.workspace.path('work/nightly.yaml'), '--out', lab.workspace.path('out'), ...flags]);
  vi.restoreAllMocks();
  return { code, stdout: stripVTControlCharacters(output.stdout), stderr: output.stderr };
}

function newest() {
  return readResults(lab.workspace.path('out'), 'tiny');
}

/** Runs that a history has. */
function nights(): string[] {
  return readdirSync(lab.workspace.path('out/store/runs')).filter((id) =>
    existsSync(lab.workspace.path('out/store/runs', id, 'results.json')),
  );
}

const tight = {
  gates: [
    { metric: 'kld', max: 1e-9, quant: 'Q2_K' },
    { metric: 'size', max: '1GB' },
  ],
};

describe('a run whose gates pass', () => {
  test('exits with 0 and says so, with the evidence', async () => {
    const { code, stdout } = await run({ gates: [{ metric: 'size', max: '1GB' }] });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Gates: \d+ pass /m);
    expect(stdout).toMatch(/^pass +bytes +Q8_0 +size .* at most 1\.00 GB$/m);
  });

  test('passes a first night beside a build that is not there yet, with a note', async () => {
    const { code, stdout } = await run({ gates: 'default' });
    expect([code, stdout]).toEqual([expect.any(Number), expect.stringContaining('no good build yet to hold it against')]);
    expect(
      newest()
        .gates?.filter(({ metric }) => metric === 'loss')
        .map(({ outcome }) => outcome),
    ).toEqual(Array(4).fill('pass'));
  });
});

describe('a run whose gate fails', () => {
  test('exits with 1, shows the table everywhere, and is not the last good build', async () => {
    await run({ gates: [{ metric: 'size', max: '1GB' }] });
    const good = newest().run.id;
    const { code, stdout } = await run(tight);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^Gates: 1 fails, /m);
    expect(stdout).toMatch(/^FAIL +kld +Q2_K +mean KLD .*, at most 1e-9 nats\/token$/m);
    const folder = (name: string) => lab.workspace.read(`out/tiny/${name}`);
    expect(folder('report.md')).toContain('| FAIL | kld | Q2_K |');
    expect(folder('report.html')).toContain('Failed: 1 gate');
    const beside = await run({ gates: [{ metric: 'loss', vs: 'lastGood', maxIncrease: '1%' }] });
    expect(beside.stdout).toContain(`the last good build (${good})`);
  });

  test('keeps what passed and drops what failed', async () => {
    await run({ ...tight, keep: 'passed' });
    const kept = readdirSync(lab.workspace.path('out/tiny')).filter((name) => name.endsWith('.gguf'));
    expect(kept.sort()).toEqual(['Tiny-F16.gguf', 'Tiny-Q8_0.gguf']);
  });

  test('tells those who see no report', async () => {
    const { code, stdout, stderr } = await run(tight, '--quiet');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^gate fails: Q2_K: mean KLD /m);
  });
});

describe('a run in which nothing changed', () => {
  test('takes the verdict and the exit code of the one before, and is no night of its own', async () => {
    // With all that has times and speeds in it.
    const bench = { prompt: 8, generate: 4, rounds: 2, warmup: false };
    const whole = { ...tight, bench, load: { context: 512 }, samples: { prompts: ['Why?'], tokens: 8 }, recommend: 'here' };
    await run(whole);
    const before = newest();
    const { code, stdout } = await run(whole);
    expect([code, stdout]).toEqual([1, expect.stringContaining(`nothing changed since ${before.run.id} (`)]);
    expect(newest()).toEqual(before);
    expect(nights()).toEqual([before.run.id]);
  });

  test('is judged again when another gate is asked for', async () => {
    await run(tight);
    const { code, stdout } = await run({ gates: [{ metric: 'size', max: '1GB' }] });
    expect([code, stdout]).toEqual([0, expect.not.stringContaining('nothing changed')]);
    expect(nights()).toHaveLength(2);
  });
});

describe('a text that somebody changed', () => {
  const beside = { gates: [{ metric: 'loss', vs: 'lastGood', maxIncrease: '1%' }] };
  const otherText = () => lab.workspace.write('work/evaluation.txt', someText(400, 'another evaluation'));

  test('stops nothing: the last good build is measured again on it, and compared', async () => {
    await run(beside);
    const good = newest().run.id;
    otherText();
    const before = lab.fakes.called().length;
    const { code, stdout, stderr } = await run(beside);
    expect(stderr).toContain(`good build ${good} is measured again`);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/against the last good build \(.*, measured again as this run was\)/)]);
    expect(newest().gates?.[0]?.vs).toEqual({ run: good });
    // Its files are in the store, and only what measures them runs.
    expect(lab.fakes.called().slice(before)).not.toContainEqual(expect.stringMatching(/^(convert|quantize)/));
    const again = await run(beside);
    expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('nothing changed since')]);
  });

  test('is held against the good build under another name too, and so is a text that is new', async () => {
    const on = (name: string) => ({
      evaluate: [{ text: 'evaluation.txt' }, { text: 'more.txt', name }].map((one) => ({ ...one, context: 32, chunks: 8 })),
      gates: [{ metric: 'loss', text: name, vs: 'lastGood', maxIncrease: '1%' }],
    });
    lab.workspace.write('work/more.txt', someText(400, 'more'));
    await run({});
    for (const name of ['code', 'prog']) {
      const { code, stdout } = await run(on(name));
      expect([code, stdout]).toEqual([0, expect.stringMatching(/loss@\w+ +Q8_0 .*\+0\.00 % .*, measured again as this run was\)/)]);
    }
  });

  test('is the same night once more when nothing changed, whatever each gate stands beside', async () => {
    const gates = [
      { metric: 'loss', quant: 'Q8_0', vs: 'firstGood', maxIncrease: '1%' },
      { metric: 'loss', quant: 'Q2_K', vs: 'lastGood', maxIncrease: '1%' },
    ];
    await run({ gates });
    otherText();
    const other = await run({ gates });
    expect(newestRun(Store.open(lab.workspace.path('out/store')))?.pipeline).toBe('tiny');
    const again = await run({ gates });
    expect([other.code, again.code, again.stdout]).toEqual([0, 0, expect.stringContaining('nothing changed since')]);
    expect(nights()).toHaveLength(2);
  });

  test('exits with 3 where that cannot be done, and says how the history begins anew', async () => {
    await run({ ...beside, keep: 'none' });
    // Neither its files nor the weights that they were made from are there any more.
    writeTinyModel(lab.workspace, 'work/model', 2);
    otherText();
    const { code, stdout } = await run({ ...beside, keep: 'none' });
    expect([code, stdout]).toEqual([3, expect.stringMatching(/could not be measured again: .*--new-reference begins anew/)]);
    const again = await run({ ...beside, keep: 'none' }, '--new-reference');
    expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('taken as the new reference')]);
    expect((await run({ ...beside, keep: 'none' }, '--force', 'divergence:Q8_0')).code).toBe(0);
  });

  test('begins anew also where the night that was told to failed for another reason', async () => {
    await run({ ...beside, keep: 'none' });
    writeTinyModel(lab.workspace, 'work/model', 2);
    otherText();
    expect((await run({ gates: [...tight.gates, ...beside.gates], keep: 'none' }, '--new-reference')).code).toBe(1);
    const next = await run({ ...beside, keep: 'none' });
    expect([next.code, next.stdout]).toEqual([0, expect.stringContaining('taken as the new reference')]);
    const later = await run({ ...beside, keep: 'none' }, '--force', 'divergence:Q8_0');
    expect([later.code, later.stdout]).toEqual([0, expect.not.stringContaining('taken as the new reference')]);
  });
});

describe('a run that somebody named', () => {
  test('is what later ones are held against', async () => {
    await run({});
    const pinned = newest().run.id;
    await run({ quants: ['Q8_0'] });
    const gates = [{ metric: 'size', vs: pinned, maxIncrease: 0 }];
    const { code, stdout } = await run({ gates });
    expect([code, stdout]).toEqual([0, expect.stringContaining(`against the pinned run (${pinned})`)]);
  });

  test('cannot be one of some rows by chance: those are no nights of the history', async () => {
    await run({}, '--only', 'Q8_0');
    const { stdout } = await run({ gates: [{ metric: 'size', vs: 'lastGood', maxIncrease: 0 }] });
    expect(stdout).toContain('no good build yet');
  });
});

describe('prompts with a demand', () => {
  const asking = (must: unknown) => ({ samples: { prompts: [{ name: 'word', text: 'Say a word.', must }], tokens: 8 } });

  test('fail the files whose answers do not meet it', async () => {
    const { code } = await run(asking('.'));
    expect(code).toBe(0);
    const failing = await run(asking('^never said$'));
    // The stand-in for the base does not say it either.
    expect([failing.code, failing.stdout]).toEqual([0, expect.stringMatching(/^WARN +must "word" +Q8_0 +.*the base's fails too/m)]);
  });
});

test('of several pipelines the worst code counts', async () => {
  lab.workspace.write('work/good.yaml', JSON.stringify({ ...lab.pipeline, name: 'good' }));
  expect((await run(tight, lab.workspace.path('work/good.yaml'))).code).toBe(1);
});

describe('mistakes', () => {
  test.each([
    ['a run that is not there', [{ metric: 'loss', vs: '20200101T000000Z-1', maxIncrease: '1%' }], 'there is no run 20200101T000000Z-1'],
    [
      'a table that is not there',
      [{ metric: 'kld', vs: { table: 'llama3-8b-scorebord' }, maxIncrease: '1%' }],
      'did you mean llama3-8b-scoreboard?',
    ],
    ['a row that is not there', [{ metric: 'kld', max: 1, quant: 'Q2_KK' }], 'did you mean `Q2_K`?'],
  ])('%s is said before anything runs', async (_what, gates, message) => {
    const { code, stderr } = await run({ gates });
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(lab.fakes.called()).not.toContain('convert');
  });
});
