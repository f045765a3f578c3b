import '../support/own-machine.ts';
import { chmodSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { delimiter } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type FakeLab, fakeLab } from '../support/fake-lab.ts';
import type { Ran, Written } from '../support/lab.ts';

const one: Written = { quants: ['Q4_K_M'], evaluate: 'none' };
const bench = { prompt: 8, generate: 4, rounds: 2, warmup: false };

/** Arguments of the calls of llama-bench, as one text each. */
const benches = (lab: FakeLab) => lab.fakes.calls().flatMap(({ about, args }) => (about === 'bench' ? [args.join(' ')] : []));

const load = (ran: Ran) => ran.row('Q4_K_M').load;

describe('threads: sweep', () => {
  test('is done once, on the smallest quant, and what it found is what benchmarks run with', async () => {
    using lab = fakeLab({ evaluate: 'none', bench: { ...bench, threads: 'sweep' } });
    const { results, ran, plan } = await lab.run();
    const best = Math.min(2, plan.conditions.machine.cores);
    expect(results.sweep).toMatchObject({ row: 'Q2_K', best: { prompt: best, generation: best } });
    expect(results.sweep?.threads.map(({ threads }) => threads).slice(0, 2)).toEqual([1, 2].slice(0, plan.conditions.machine.cores));
    expect(results.conditions.bench).toMatchObject({ threads: best, generationThreads: best });
    expect(ran).toContain('sweep');
    expect(
      benches(lab)
        .slice(1)
        .filter((args) => !args.includes(`-t ${best} `)),
    ).toEqual([]);
    expect((await lab.run({ quants: ['Q8_0', 'Q4_0', 'Q2_K'] })).ran).toEqual(['bench:Q4_0:1', 'bench:Q4_0:2', 'quantize:Q4_0']);
  });
});

describe('bench', () => {
  test('at a depth is slower, and stands beside the speed with an empty context', async () => {
    using lab = fakeLab({ ...one, bench: { ...bench, depth: [1000], batch: 1024, ubatch: 64 } });
    const { results, row } = await lab.run();
    const { generationSpeed, promptSpeed, depths } = row('Q4_K_M');
    expect(depths?.map(({ depth }) => depth)).toEqual([1000]);
    expect((generationSpeed?.value ?? 0) / (depths?.[0]?.generationSpeed.value ?? 1)).toBeCloseTo(2, 5);
    expect((promptSpeed?.value ?? 0) / (depths?.[0]?.promptSpeed.value ?? 1)).toBeCloseTo(2, 5);
    expect(benches(lab)[0]).toContain('-d 0,1000 -r 2');
    expect(benches(lab)[0]).toContain('-b 1024 -ub 64');
    expect(results.conditions.bench).toMatchObject({ depths: [0, 1000], batch: 1024, ubatch: 64, orderSeed: 1 });
  });

  test('tells how the machine was', async () => {
    using lab = fakeLab({ ...one, bench });
    const { results } = await lab.run();
    expect(results.conditions.state).toMatchObject({ loadAverage: { lowest: expect.any(Number) } });
    if (process.platform === 'linux') expect(results.conditions.state?.othersBusy).toBeLessThanOrEqual(availableParallelism() + 1);
  });

  test('sustained: repeats for the seconds that were asked for, and tells the first minute from the end', async () => {
    using lab = fakeLab({ ...one, bench: { ...bench, generate: 400, sustained: 60, quants: ['Q4_K_M'] } });
    const { row, ran } = await lab.run();
    expect(ran).toContain('sustained:Q4_K_M');
    const { sustained, generationSpeed } = row('Q4_K_M');
    expect(sustained?.seconds).toBeGreaterThanOrEqual(60);
    expect(sustained?.steady).toBeCloseTo(generationSpeed?.value ?? 0, 5);
    expect(sustained?.samples.length).toBeLessThanOrEqual(121);
    expect(row('base').notMeasured.speed).toBe('not among bench.quants');
  });
});

describe('on a Raspberry Pi', () => {
  afterEach(() => void vi.unstubAllEnvs());

  /** A firmware that answers these, in turn; the last one again and again. */
  function firmware(lab: FakeLab, ...answers: string[]): void {
    const bin = lab.workspace.path('firmware');
    const counted = answers.map((answer, i) => `${i === answers.length - 1 ? '*' : i}) echo throttled=${answer};;`).join(' ');
    const program = `#!/bin/sh\nn=$(cat "${bin}/n" 2>/dev/null || echo 0)\necho $((n + 1)) > "${bin}/n"\ncase $n in ${counted} esac\n`;
    chmodSync(lab.workspace.write('firmware/vcgencmd', program), 0o755);
    vi.stubEnv('PATH', `${bin}${delimiter}${process.env['PATH']}`);
  }

  test('rounds in which the processor was held back do not count, and that is said', async () => {
    using lab = fakeLab({ ...one, bench: { ...bench, rounds: 3, quants: ['Q4_K_M'] } });
    firmware(lab, '0x0', '0x50005', '0x50000');
    const { row } = await lab.run();
    expect(row('Q4_K_M')).toMatchObject({
      generationSpeed: { n: 2 },
      marks: ['1 of 3 rounds do not count, as the processor was held back: too low a voltage, throttling'],
    });
  });

  test('a row without a round that counts has no speed', async () => {
    using lab = fakeLab({ ...one, bench: { ...bench, quants: ['Q4_K_M'] } });
    firmware(lab, '0x8');
    const { row } = await lab.run();
    expect(row('Q4_K_M').generationSpeed).toBeUndefined();
    expect(row('Q4_K_M').notMeasured.speed).toBe('the processor was held back in every round: the soft limit of temperature');
  });
});

describe('load', () => {
  const asked: Written = { ...one, bench: 'none', load: { context: 512, rounds: 2, kvType: 'q8_0', mmap: false, quants: ['Q4_K_M'] } };

  test('tells times and memory, and measures nothing twice', async () => {
    using lab = fakeLab(asked);
    const ran = await lab.run();
    expect(ran.ran).toEqual(expect.arrayContaining(['load:Q4_K_M', 'overhead']));
    expect(load(ran)).toMatchObject({ context: 512, kvType: 'q8_0', mmap: false, warm: { n: 2 }, peak: { anonymous: expect.any(Number) } });
    expect(load(ran)?.estimate?.method).toContain('overhead of the process as measured here');
    expect(load(ran)?.cold === undefined).toBe(load(ran)?.coldNotMeasured !== undefined);
    expect(ran.row('base').notMeasured.load).toBe('not among load.quants');
    const [first] = lab.fakes.calls().filter(({ about, args }) => about === 'completion' && args.includes('model.gguf'));
    expect(first?.args.join(' ')).toContain('-ctk q8_0 -ctv q8_0 -fa auto -fit off -lm none');
    expect((await lab.run()).ran).toEqual([]);
  });

  test('fills the context but for 64 tokens', async () => {
    using lab = fakeLab(asked);
    const { result } = await lab.run();
    const outcome = result.outcomes.get('load:Q4_K_M');
    const { promptTokens } = (outcome && 'record' in outcome ? outcome.record.result : {}) as { promptTokens: number };
    expect(promptTokens).toBeLessThanOrEqual(512 - 64);
    expect(promptTokens).toBeGreaterThan(512 - 64 - 20);
  });

  test('that fails says why, and leaves the rest alone', async () => {
    using lab = fakeLab(asked);
    lab.fakes.misbehave({ at: 'completion', exit: 1, stderr: 'error: no such backend\n' });
    const ran = await lab.run();
    expect(ran.ended('failed')).toEqual(['overhead']);
    expect(ran.row('Q4_K_M')).toMatchObject({ notMeasured: { load: 'overhead failed' }, file: expect.anything() });
  });

  test('without times is not believed', async () => {
    using lab = fakeLab(asked);
    lab.fakes.misbehave({ at: 'completion', loseFinal: true });
    expect((await lab.run()).message('overhead')).toBe('llama-completion exited with 0 but printed no times');
  });
});
