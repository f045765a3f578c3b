import '../support/own-machine.ts';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import type { RunEvent } from '../../src/index.ts';
import { type FakeLab, fakeLab, small } from '../support/fake-lab.ts';
import type { Misbehaviour } from '../support/fake-tools.ts';
import type { Ran } from '../support/lab.ts';

/** A run in which a tool misbehaves, and the run after it with the tool as it should be. */
async function misbehaving(rule: Misbehaviour, use: (ran: Ran, next: Ran, lab: FakeLab) => void, changes = small): Promise<void> {
  using lab = fakeLab(changes);
  lab.fakes.misbehave(rule);
  const ran = await lab.run();
  lab.fakes.misbehave();
  use(ran, await lab.run(), lab);
}

describe('a tool that fails', () => {
  const rule = { at: 'quantize:Q4_K_M', exit: 1, stderr: 'one\ntwo\nllama_quantize: something odd\n' };

  test('is named with its exit code, its last lines and a command to repeat', () =>
    misbehaving(rule, ({ result }) => {
      expect(result.outcomes.get('quantize:Q4_K_M')).toMatchObject({
        state: 'failed',
        message: 'llama-quantize failed with exit code 1',
        ran: expect.stringMatching(/llama-quantize --imatrix imatrix\.gguf .* model\.gguf quant\.gguf Q4_K_M \d+$/),
        command: expect.stringMatching(/^sh \S+\/repeat\.sh$/),
        lastLines: expect.arrayContaining(['two', 'llama_quantize: something odd']),
      });
    }));

  test('leaves its log where the message says', () =>
    misbehaving(rule, ({ result }) => {
      const outcome = result.outcomes.get('quantize:Q4_K_M');
      const log = (outcome?.state === 'failed' && outcome.log) || '';
      expect(readFileSync(join(log, 'stderr.log'), 'utf8')).toContain('llama_quantize: something odd');
      expect(readFileSync(join(log, 'stdout.log'), 'utf8')).toBeDefined();
    }));

  test('is done again by the command that is given, typed anywhere, with all that the tool was given', async () => {
    const quant = { type: 'Q4_K_M', name: 'Q4_K_V', tensors: { output: 'Q8_0' } };
    using lab = fakeLab({ ...small, quants: [quant] });
    lab.fakes.misbehave({ ...rule, at: 'quantize:Q4_K_M' });
    const ran = await lab.run({}, { out: lab.workspace.path("Ann's out") });
    const outcome = ran.result.outcomes.get('quantize:Q4_K_V');
    const command = (outcome?.state === 'failed' && outcome.command) || '';
    const again = spawnSync('sh', ['-c', `${command} --pure`], { cwd: '/', encoding: 'utf8', env: {} });
    expect(again).toMatchObject({ status: 1, stderr: rule.stderr });
    const [first, second] = lab.fakes.calls().filter(({ about }) => about === 'quantize:Q4_K_M');
    expect(second?.args).toEqual([...(first?.args ?? []), '--pure']);
    expect(second?.args).toContain('tensor-types.txt');
    expect(second?.env).toEqual(first?.env);
    expect(existsSync(second?.cwd ?? '/')).toBe(false);
  });

  test('leaves no record, and the next run makes what is missing and nothing else', () =>
    misbehaving(rule, (ran, next) => {
      expect(ran.ended('skipped')).toEqual(['divergence:Q4_K_M']);
      expect(next.ran).toEqual(['divergence:Q4_K_M', 'quantize:Q4_K_M']);
      expect(next.ended('made')).toEqual(ran.ran);
    }));

  test('is explained where the reason is known', () =>
    misbehaving({ ...rule, stderr: 'write failed: No space left on device\n' }, (ran) => {
      expect(ran.message('quantize:Q4_K_M')).toBe(
        'llama-quantize failed with exit code 1: the disk is full: make room, or name another folder with --out',
      );
    }));

  test('leaves its row with the reason, and the reports say it', () =>
    misbehaving(rule, (ran) => {
      expect(ran.row('Q4_K_M').notMeasured).toMatchObject({
        file: 'llama-quantize failed with exit code 1',
        quality: 'quantize:Q4_K_M failed',
      });
      expect(ran.results.failures).toEqual([{ task: 'quantize:Q4_K_M', message: 'llama-quantize failed with exit code 1' }]);
    }));
});

describe('a tool that dies by a signal', () => {
  test('is named as a crash with the signal', () =>
    misbehaving({ at: 'divergence:Q4_K_M', signal: 'SIGSEGV' }, (ran, next) => {
      expect(ran.message('divergence:Q4_K_M')).toBe('llama-perplexity crashed (SIGSEGV)');
      expect(next.ran).toEqual(['divergence:Q4_K_M']);
    }));

  test('is suspected of having taken all memory when it was killed', () =>
    misbehaving({ at: 'convert', signal: 'SIGKILL' }, (ran) => {
      expect(ran.message('convert')).toBe('convert_hf_to_gguf.py was killed (SIGKILL), most likely because memory ran out');
    }));
});

describe('an exit with 0 is not believed when', () => {
  const lies: [what: string, task: string, rule: Misbehaviour, message: RegExp][] = [
    ['a GGUF is cut', 'quantize:Q4_K_M', { at: 'quantize:Q4_K_M', half: true }, /exited with 0 but its file is not what it should be: .*/],
    ['a converted GGUF is cut', 'convert', { at: 'convert', half: true }, /its file is not whole/],
    ['an imatrix is cut', 'imatrix', { at: 'imatrix', half: true }, /not an importance matrix/],
    ['the logits are cut', 'logits', { at: 'logits', half: true }, /the recorded logits have \d+ bytes instead of \d+/],
    ['there is no GGUF', 'quantize:Q4_K_M', { at: 'quantize:Q4_K_M', noFile: true }, /quant\.gguf/],
    ['there is no imatrix', 'imatrix', { at: 'imatrix', noFile: true }, /imatrix\.gguf/],
    ['there are no logits', 'logits', { at: 'logits', noFile: true }, /recorded no logits/],
    ['a dry run ends early', 'quantize:Q4_K_M', { at: 'dry-run:Q4_K_M', exit: 0 }, /the dry run of llama-quantize named 0 of its tensors/],
    ['a perplexity is no number', 'logits', { at: 'logits', nan: true }, /the perplexity is not a number/],
    ['a divergence is no number', 'divergence:Q4_K_M', { at: 'divergence:Q4_K_M', nan: true }, /the divergence is not a number/],
  ];
  test.each(lies)('%s', (_what, task, rule, message) =>
    misbehaving(rule, (ran, next) => {
      expect(ran.message(task)).toMatch(message);
      expect(next.ran).toContain(task);
      expect(next.ended('failed')).toEqual([]);
    }),
  );

  test('a benchmark prints no result', () =>
    misbehaving(
      { at: 'bench', noFile: true },
      (ran) => expect(ran.message('bench:Q4_K_M:1')).toBe('llama-bench exited with 0 but printed no result'),
      { quants: ['Q4_K_M'], bench: { prompt: 8, generate: 4, rounds: 1 } },
    ));
});

describe('a lost final block', () => {
  const tasks: [string, string][] = [
    ['logits', 'logits'],
    ['divergence:Q4_K_M', 'divergence:Q4_K_M'],
  ];
  test.each(tasks)('of %s is fetched by doing it again, and said', (task, at) =>
    misbehaving({ at, loseFinal: true, times: 2 }, (ran, _next, { fakes }) => {
      expect(ran.ended('failed')).toEqual([]);
      expect(fakes.called().filter((about) => about === at)).toHaveLength(3);
      const retries = ran.events.filter((event) => event.type === 'task-retry');
      expect(retries).toMatchObject([{ task }, { task, reason: expect.stringContaining('7 of 8 chunks') }]);
    }),
  );

  test.each(tasks)('of %s fails after three attempts', (task, at) =>
    misbehaving({ at, loseFinal: true, times: 3 }, (ran, next) => {
      expect(ran.message(task)).toMatch(/llama-perplexity printed 7 of 8 chunks and no/);
      expect(next.ran).toContain(task);
    }),
  );
});

describe('when one of many cells fails', () => {
  const pipeline = { bench: { prompt: 8, generate: 4, rounds: 1 } };
  const broken = { at: 'quantize:Q8_0', exit: 1 };

  test('`continue` loses only what depends on it', () =>
    misbehaving(
      broken,
      (ran) => {
        expect(ran.ended('failed')).toEqual(['quantize:Q8_0']);
        expect(ran.ended('skipped')).toEqual(['bench:Q8_0:1', 'divergence:Q8_0']);
        expect(ran.ran).toHaveLength(ran.plan.tasks.length - 3);
      },
      pipeline,
    ));

  test('`no-new` lets the running ones end and starts no other', async () => {
    using lab = fakeLab(pipeline);
    lab.fakes.misbehave({ ...broken, until: 'fail' }, { at: 'quantize:Q4_K_M', until: 'end' });
    const events: RunEvent['type'][] = [];
    const running = lab.run({}, { failures: 'no-new', onEvent: ({ type }) => void events.push(type) });
    await Promise.all([lab.fakes.hasBegun('quantize:Q8_0'), lab.fakes.hasBegun('quantize:Q4_K_M')]);
    const begun = lab.fakes.called().length;
    lab.fakes.release('fail');
    await vi.waitUntil(() => events.includes('task-failed'), { timeout: 30_000 });
    lab.fakes.release('end');
    const ran = await running;
    expect(ran.ran).toContain('quantize:Q4_K_M');
    expect(lab.fakes.called()).toHaveLength(begun);
  });

  test('`kill` ends the running ones too', async () => {
    using lab = fakeLab(pipeline);
    lab.fakes.misbehave({ ...broken, until: 'fail' }, { at: 'quantize:Q4_K_M', until: 'never' });
    const running = lab.run({}, { failures: 'kill' });
    await Promise.all([lab.fakes.hasBegun('quantize:Q8_0'), lab.fakes.hasBegun('quantize:Q4_K_M')]);
    lab.fakes.release('fail');
    const ran = await running;
    expect(ran.ended('failed')).toEqual(['quantize:Q8_0']);
    expect(ran.ran).not.toContain('quantize:Q4_K_M');
    expect(ran.result.stopped).toBe(false);
    lab.fakes.misbehave();
    expect((await lab.run()).ended('failed')).toEqual([]);
  });
});
