import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, utimesSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { readGguf } from '../../src/gguf/header.ts';
import { type Lab, type Ran, substance } from './lab.ts';

/**
 * What users rely on whichever llama.cpp does the work: registered with the stand-ins and with the real one.
 * The pipeline has the quants Q8_0, Q4_K_M and Q2_K, an imatrix, `evaluation.txt`, and two rounds of bench.
 */
export function pipelineSuite(name: string, makeLab: () => Promise<Lab>): void {
  describe(name, () => {
    let lab: Lab;
    let first: Ran;
    beforeAll(async () => {
      lab = await makeLab();
      first = await lab.run();
    });
    afterAll(() => lab[Symbol.dispose]());

    const quants = ['Q8_0', 'Q4_K_M', 'Q2_K'];
    const rows = ['base', ...quants];
    const quantize = (...names: string[]) => names.map((row) => `quantize:${row}`);
    const divergence = (...names: string[]) => names.map((row) => `divergence:${row}`);
    const bench = (...names: string[]) => names.flatMap((row) => [`bench:${row}:1`, `bench:${row}:2`]);
    const work = (file: string) => lab.workspace.path('work', file);
    const published = () => readdirSync(lab.workspace.path('out', first.plan.pipeline)).sort();
    const publishedFiles = () =>
      readdirSync(lab.workspace.path('out', first.plan.pipeline), { recursive: true, withFileTypes: true })
        .filter((entry) => !entry.isDirectory())
        .map(({ parentPath, name }) => join(parentPath, name));
    const outFile = (file: string) => lab.workspace.path('out', first.plan.pipeline, file);

    describe('a first run', () => {
      test('executes every task', () => {
        const expected = ['convert', 'imatrix', 'logits', ...quantize(...quants), ...divergence(...rows), ...bench(...rows)];
        expect(first.ran).toEqual(expected.sort());
      });

      test('makes every row', () => {
        expect(first.results.rows.map((row) => row.name)).toEqual(rows);
        for (const row of first.results.rows) {
          expect(row.notMeasured).toEqual({});
          expect(row).toMatchObject({ quality: expect.anything(), promptSpeed: { n: 2 }, generationSpeed: { n: 2 } });
        }
      });

      test('puts the files under their usual names, with the reports', () => {
        const ggufs = ['F16', ...quants].map((type) => `${first.plan.model}-${type}.gguf`);
        expect(published()).toEqual([...ggufs, 'charts', 'report.csv', 'report.html', 'report.md', 'results.json'].sort());
      });

      test('reports the digest and the size of the very files', () => {
        for (const { file } of first.results.rows) {
          const bytes = readFileSync(outFile(file?.name ?? ''));
          expect(file).toMatchObject({ sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length });
        }
      });

      test('finds more bits closer to the base, significantly', () => {
        const neighbours = first.results.neighbours.map(({ better, worse, verdict }) => [better, worse, verdict]);
        expect(neighbours).toEqual([
          ['Q8_0', 'Q4_K_M', 'significant'],
          ['Q4_K_M', 'Q2_K', 'significant'],
        ]);
        expect(first.row('base').quality?.kld.value).toBeCloseTo(0, 4);
      });

      test('writes where a file comes from into it, in values of at most 127 characters', () => {
        for (const quant of quants) {
          const { metadata } = readGguf(outFile(`${first.plan.model}-${quant}.gguf`));
          const own = [...metadata].filter(([key]) => key.startsWith('qpipe.'));
          const keys = ['build', 'imatrix', 'recipe', 'source', 'version'].map((key) => `qpipe.${key}`);
          expect(own.map(([key]) => key).sort()).toEqual(keys);
          for (const [key, value] of own) expect(String(value)).toMatch(key === 'qpipe.version' ? /^1$/ : /^[0-9a-f]{64}$/);
          expect(metadata.get('general.name')).toBe(first.plan.model);
        }
      });

      test('leaves no path of this machine in any file it made', () => {
        const objects = first.ended('done').flatMap((task) => objectsOf(first, task));
        const paths = [lab.workspace.root, homedir(), dirname(lab.tools.binaries.quantize)];
        for (const file of [...publishedFiles(), ...objects.map((sha256) => lab.store().objectPath(sha256))]) {
          const bytes = readFileSync(file);
          expect(paths.filter((path) => bytes.includes(path))).toEqual([]);
        }
      });
    });

    describe('a second run executes', () => {
      test('nothing', async () => {
        const second = await lab.run();
        expect(second.ran).toEqual([]);
        expect(substance(second)).toEqual(substance(first));
      });

      test('nothing when files are only touched', async () => {
        const now = new Date();
        for (const file of ['model/config.json', 'model/model.safetensors', 'calibration.txt', 'evaluation.txt'])
          utimesSync(work(file), now, now);
        expect((await lab.run()).ran).toEqual([]);
      });

      test('nothing when texts and model are renamed', async () => {
        renameSync(work('evaluation.txt'), work('heldout.txt'));
        renameSync(work('model'), work('weights'));
        const renamed = {
          model: { path: 'weights', name: first.plan.model },
          evaluate: { ...(lab.pipeline['evaluate'] as object), text: 'heldout.txt' },
        };
        const { ran } = await lab.run(renamed);
        renameSync(work('heldout.txt'), work('evaluation.txt'));
        renameSync(work('weights'), work('model'));
        expect(ran).toEqual([]);
      });

      test('nothing when everything is moved, the store too', async () => {
        const { root } = lab.workspace;
        renameSync(join(root, 'work'), join(root, 'elsewhere'));
        renameSync(join(root, 'out'), join(root, 'results'));
        const { ran } = await lab.run({}, { folder: join(root, 'elsewhere'), out: join(root, 'results') });
        renameSync(join(root, 'elsewhere'), join(root, 'work'));
        renameSync(join(root, 'results'), join(root, 'out'));
        expect(ran).toEqual([]);
      });

      test('one quant when one is changed', async () => {
        const { ran } = await lab.run({ quants: ['Q8_0', 'Q4_K_M', { type: 'Q2_K', name: 'Q2_K_pure', pure: true }] });
        expect(ran).toEqual([...quantize('Q2_K_pure'), ...divergence('Q2_K_pure'), ...bench('Q2_K_pure')].sort());
      });

      test('all of the quality when the evaluation text is changed', async () => {
        const { ran } = await lab.run({ evaluate: withText(lab, 'evaluate', 'evaluation.txt') });
        expect(ran).toEqual(['logits', ...divergence(...rows)].sort());
      });

      test('the imatrix and all quants when the calibration text is changed', async () => {
        const { ran } = await lab.run({ imatrix: withText(lab, 'imatrix', 'calibration.txt') });
        expect(ran).toEqual(['imatrix', ...quantize(...quants), ...divergence(...quants), ...bench(...quants)].sort());
      });

      test("what a tool does when one of the tool's arguments is changed", async () => {
        const perplexity = await lab.run({ tools: { args: { perplexity: ['--no-repack'] } } });
        expect(perplexity.ran).toEqual(['logits', ...divergence(...rows)].sort());
        const quantizing = await lab.run({ tools: { args: { quantize: ['--max-buffer-size', 64] } } });
        expect(quantizing.ran).toEqual([...quantize(...quants), ...divergence(...quants), ...bench(...quants)].sort());
      });

      test('the benchmarks when their settings are changed', async () => {
        const { ran } = await lab.run({ bench: { ...(lab.pipeline['bench'] as object), prompt: 24 } });
        expect(ran).toEqual(bench(...rows).sort());
      });

      test('all but the conversion with another build of llama.cpp', async () => {
        const build = { ...lab.tools.build, id: 'c'.repeat(64) };
        const { ran } = await lab.run({}, { tools: { ...lab.tools, build } });
        expect(ran).toEqual(['imatrix', 'logits', ...quantize(...quants), ...divergence(...rows), ...bench(...rows)].sort());
      });

      test('only the conversion with another converter that writes the same bytes', async () => {
        const { converter } = lab.tools;
        const { ran } = await lab.run({}, { tools: { ...lab.tools, converter: converter && { ...converter, id: 'another' } } });
        expect(ran).toEqual(['convert']);
      });

      test('what is forced, and nothing that depends on its unchanged bytes', async () => {
        expect((await lab.run({}, { force: ['quantize:Q2_K'] })).ran).toEqual(['quantize:Q2_K']);
      });
    });

    describe('speed by depth and threads, load and memory', () => {
      let measured: Ran;
      const bench = { prompt: 16, generate: 4, rounds: 2, threads: 'sweep', depth: [64], quants: ['Q4_K_M'] };
      const changes = { bench, load: { context: 256, rounds: 1, quants: ['Q4_K_M'] } };
      beforeAll(async () => {
        measured = await lab.run(changes);
      });

      test('are measured by tasks of their own', () => {
        expect(measured.ran).toEqual(
          ['load:Q4_K_M', 'overhead', 'sweep', ...bench.quants.flatMap((row) => [`bench:${row}:1`, `bench:${row}:2`])].sort(),
        );
      });

      test('stand in the results, with the threads that were found', () => {
        const { depths, load, readPerToken } = measured.row('Q4_K_M');
        expect(depths).toMatchObject([{ depth: 64, promptSpeed: { n: 2 }, generationSpeed: { n: 2 } }]);
        expect(Object.values(readPerToken ?? {}).reduce((total, bytes) => total + bytes, 0)).toBeGreaterThan(0);
        expect(load).toMatchObject({ context: 256, kvType: 'f16', mmap: true, warm: { n: 1 }, estimate: { total: expect.any(Number) } });
        expect(measured.results.sweep?.row).toBe('Q2_K');
        expect(measured.results.conditions.bench).toMatchObject({ threads: measured.results.sweep?.best.prompt });
        expect(measured.results.generationLimit?.sentence).toMatch(/1 measured file is too few/);
      });

      test('are measured once', async () => {
        expect((await lab.run(changes)).ran).toEqual([]);
      });
    });

    test("elsewhere, under the user's LLAMA_ARG_*, GGML_* and OMP_*, the same bytes and numbers come out", async () => {
      using other = await makeLab();
      vi.stubEnv('LLAMA_ARG_CACHE_TYPE_K', 'q4_0');
      vi.stubEnv('LLAMA_ARG_CTX_SIZE', '1024');
      vi.stubEnv('GGML_NUMA', '1');
      vi.stubEnv('OMP_NUM_THREADS', '1');
      try {
        expect(substance(await other.run({ bench: 'none' }, { threads: 1 }))).toEqual(substance(first));
      } finally {
        vi.unstubAllEnvs();
      }
    });

    test('a stopped run goes on where it was', async () => {
      using other = await makeLab();
      const stop = new AbortController();
      const running = other.run({ bench: 'none' }, { signal: stop.signal });
      await vi.waitUntil(() => readdirSync(other.workspace.root).includes('out') && records(other).length > 1, {
        timeout: 120_000,
        interval: 20,
      });
      stop.abort();
      const stopped = await running;
      expect(stopped.result.stopped).toBe(true);
      const finished = await other.run({ bench: 'none' });
      expect(finished.ended('made')).toEqual(stopped.ran);
      expect(substance(finished)).toEqual(substance(first));
    });
  });
}

/** The same section with a changed copy of its text. */
function withText(lab: Lab, section: 'evaluate' | 'imatrix', file: string): object {
  const text = lab.workspace.read(join('work', file));
  lab.workspace.write(join('work', `changed-${file}`), `Another sentence comes first. ${text}`);
  return { ...(lab.pipeline[section] as object), text: `changed-${file}` };
}

/** Digests of what a task made; the logs of its tools are not among them. */
function objectsOf({ result }: Ran, task: string): string[] {
  const outcome = result.outcomes.get(task);
  return outcome && 'record' in outcome ? outcome.record.outputs.flatMap(({ name, sha256 }) => (name.startsWith('#') ? [] : sha256)) : [];
}

/** Keys of the records in a lab's store. */
export function records(lab: Lab): string[] {
  const root = lab.workspace.path('out', 'store', 'ac');
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.json'))
    .map((path) => basename(path, '.json'));
}
