import '../support/own-machine.ts';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Comparison } from '../../src/compare/comparison.ts';
import { readGguf } from '../../src/gguf/header.ts';
import { comparePaired } from '../../src/results/compare.ts';
import { type Results, resultsSchema } from '../../src/results/schema.ts';
import type { LlamaCpp } from '../../src/tools/llama-cpp.ts';
import { type Printed, qpipe, runProgram } from '../support/cli.ts';
import { demo, realTools } from '../support/real-lab.ts';
import { workspace } from '../support/workspace.ts';

/** The README's main job, done once; then what it left is looked at from all sides. */
const space = workspace();
const outPath = (...parts: string[]) => space.path('out', 'demo', ...parts);
const here = { cwd: space.root };
let run: Printed;
let results: Results;
let tools: LlamaCpp;

beforeAll(async () => {
  tools = await realTools();
  run = await qpipe(['run', demo.pipeline], here);
  results = resultsSchema.parse(JSON.parse(space.read('out/demo/results.json')));
});
afterAll(() => space[Symbol.dispose]());

const row = (name: string) => {
  const found = results.rows.find((other) => other.name === name);
  if (!found) throw new Error(`no row ${name}`);
  return found;
};
const quality = (name: string) => {
  const { quality } = row(name);
  if (!quality) throw new Error(`${name} has no quality`);
  return quality;
};

describe('qpipe run pipelines/demo.yaml', () => {
  test('exits with 0 and prints the report', () => {
    expect(run).toMatchObject({ code: 0, stdout: expect.stringMatching(/mean KLD[\s\S]*Q4_K_M[\s\S]*out\/demo\n$/) });
  });

  test('measures every row of at least twelve types: legacy, K and I', () => {
    for (const { notMeasured, file, quality, promptSpeed, generationSpeed } of results.rows) {
      expect(notMeasured).toEqual({});
      expect([file, quality, promptSpeed, generationSpeed]).not.toContain(undefined);
    }
    const types = [...new Set(results.rows.flatMap(({ kind, type }) => (kind === 'quant' && type ? [type] : [])))];
    expect(types.length).toBeGreaterThanOrEqual(12);
    for (const form of [/^Q\d_[01]$/, /^Q\d_K/, /^IQ/]) expect(types.filter((type) => form.test(type)).length).toBeGreaterThanOrEqual(3);
  });

  test('puts a GGUF for each row under out/demo', () => {
    const names = results.rows.map(({ file }) => file?.name ?? '');
    expect(readdirSync(outPath())).toEqual(expect.arrayContaining(names));
    expect(names).toContain('Demo-Q4_K_L.gguf');
  });

  test('finds the types in their known order, each neighbour significantly apart', () => {
    const order = ['Q8_0', 'Q6_K', 'Q5_K_M', 'Q4_K_M', 'Q3_K_M', 'Q2_K'];
    const verdicts = order.slice(1).map((worse, i) => comparePaired(quality(order[i] ?? ''), quality(worse))?.verdict);
    expect(verdicts).toEqual(order.slice(1).map(() => 'better'));
  });

  test("keeps Q2_K's same top p at least 5 points under Q8_0's", () => {
    expect(quality('Q8_0').sameTopP.value - quality('Q2_K').sameTopP.value).toBeGreaterThanOrEqual(5);
  });

  test('does nothing the second time, and says the same', async () => {
    const second = await qpipe(['run', demo.pipeline], here);
    expect(second.code).toBe(0);
    expect(second.stderr).toMatch(/\b0 run, \d+ made already, 0 failed, 0 skipped/);
    const again = JSON.parse(space.read('out/demo/results.json')) as Results;
    expect(again.rows).toEqual(JSON.parse(JSON.stringify(results.rows)));
  });

  test('makes only one row with --only, and needs nothing new for it', async () => {
    const only = await qpipe(['run', demo.pipeline, '--only', 'q2_k'], here);
    expect(only.stderr).toMatch(/\b0 run\b/);
    const { rows } = JSON.parse(space.read('out/demo/results.json')) as Results;
    expect(rows.map(({ name }) => name)).toEqual(['base', 'Q2_K']);
    await qpipe(['run', demo.pipeline], here);
    expect(readdirSync(outPath()).filter((name) => name.endsWith('.gguf'))).toHaveLength(results.rows.length);
  });
});

describe('qpipe compare', () => {
  test('finds Q8_0 better than Q4_0 in quality, and a row exactly tied with itself', async () => {
    const verdicts = async (a: string, b: string) => {
      const { code, stdout } = await qpipe(['compare', 'demo', a, b, '--json'], here);
      expect(code).toBe(0);
      const [row] = (JSON.parse(stdout) as Comparison).rows;
      return (row?.measures ?? []).filter(({ part }) => part === 'quality').map(({ verdict }) => verdict);
    };
    expect(await verdicts('Q4_0', 'Q8_0')).toEqual(['better', 'better', 'better']);
    expect(await verdicts('Q4_0', 'Q4_0')).toEqual(['tied', 'tied', 'tied']);
  });
});

describe('the report', () => {
  const report = async (format: string) => (await qpipe(['report', 'demo', '--format', format], here)).stdout;

  test('as text is what the run printed', async () => {
    const table = (text: string) => text.split('\n').slice(2, 3 + results.rows.length);
    expect(table(await report('text'))).toEqual(table(run.stdout));
  });

  test('as JSON is results.json', async () => {
    expect(JSON.parse(await report('json'))).toEqual(JSON.parse(space.read('out/demo/results.json')));
  });

  test('as Markdown is report.md: a part for a model card with its chart, and a table with a line per row', async () => {
    const text = await report('md');
    expect(text).toBe(space.read('out/demo/report.md'));
    const [card = '', all = ''] = text.split('## All rows');
    expect(all.split('\n').filter((line) => line.startsWith('| '))).toHaveLength(results.rows.length + 2);
    const [, chart = ''] = /!\[[^\]]*\]\(([^)]*)\)/.exec(card) ?? [];
    expect(space.read(`out/demo/${chart}`)).toMatch(/^<\?xml[\s\S]*<svg /);
    const linked = [...card.matchAll(/\]\(([^)]*\.gguf)\)/g)].map(([, name]) => name);
    expect(linked.length).toBeGreaterThan(4);
    expect(readdirSync(outPath())).toEqual(expect.arrayContaining(linked));
  });

  test('as HTML is report.html', async () => {
    expect(await report('html')).toBe(space.read('out/demo/report.html'));
  });

  test('as CSV is report.csv, with its columns in their order', async () => {
    const text = await report('csv');
    expect(text).toBe(space.read('out/demo/report.csv'));
    expect(text.split('\n')[0]).toBe(
      'name,type,bytes,bpw,fallback_tensors,ppl,ppl_ratio,ppl_ratio_low,ppl_ratio_high,kld,kld_low,kld_high,kld_median,kld_p99,kld_p999,same_top_p,rms_dp,pp_tps,pp_low,pp_high,tg_tps,tg_low,tg_high,file,sha256,imatrix,text,context,chunks,build,machine,same_top_p_low,same_top_p_high,pp_n,tg_n,loss,loss_low,loss_high',
    );
  });

  test('fits the schema that `qpipe schema results` prints', async () => {
    const schema = JSON.parse((await qpipe(['schema', 'results'], here)).stdout) as { required: string[]; properties: object };
    const saved = JSON.parse(space.read('out/demo/results.json')) as object;
    expect(Object.keys(saved)).toEqual(expect.arrayContaining(schema.required));
    expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining(Object.keys(saved)));
  });
});

describe('by hand, with llama.cpp alone,', () => {
  test('the same perplexity, divergence and size come out, to the last printed digit', async () => {
    const { quantize, imatrix, perplexity } = tools.binaries;
    const f16 = outPath('Demo-F16.gguf');
    const at = { cwd: space.path('hand') };
    space.write('hand/README', '');
    await runProgram(imatrix, ['-m', f16, '-f', demo.calibration, '-c', '512', '--chunks', '128', '-o', 'imatrix.gguf', '-t', '2'], at);
    const base = await untilPrinted('Final estimate', () =>
      runProgram(
        perplexity,
        ['-m', f16, '-f', demo.evaluation, '-c', '512', '--chunks', '64', '--kl-divergence-base', 'base.kld', '-t', '2'],
        at,
      ),
    );
    await runProgram(quantize, ['--imatrix', 'imatrix.gguf', f16, 'q.gguf', 'Q4_K_M', '2'], at);
    const log = await untilPrinted('Same top p:', () =>
      runProgram(perplexity, ['-m', 'q.gguf', '--kl-divergence-base', 'base.kld', '--kl-divergence', '-c', '512', '-t', '2'], at),
    );
    const printed = (label: RegExp) => new RegExp(`${label.source}\\s*:\\s+(-?[\\d.]+)`).exec(log)?.[1];
    expect(cell('Q4_K_M', 'ppl')).toBe(printed(/Mean PPL\(Q\)/));
    expect(cell('Q4_K_M', 'ppl_ratio')).toBe(printed(/Mean PPL\(Q\)\/PPL\(base\)/));
    expect(cell('Q4_K_M', 'kld')).toBe(printed(/Mean\s+KLD/));
    expect(cell('Q4_K_M', 'kld_p999')).toBe(printed(/99\.9%\s+KLD/));
    expect(cell('Q4_K_M', 'kld_median')).toBe(printed(/Median\s+KLD/));
    expect(cell('Q4_K_M', 'same_top_p')).toBe(printed(/Same top p/));
    expect(results.basePpl?.value).toBe(Number(/Final estimate: PPL = ([\d.]+)/.exec(base)?.[1]));

    // qpipe's file differs in its qpipe.* keys and in nothing else.
    const [own, qpipes] = [space.path('hand/q.gguf'), outPath('Demo-Q4_K_M.gguf')].map((path) => ({
      bytes: readFileSync(path),
      ...readGguf(path),
    }));
    if (!own || !qpipes) throw new Error('unreachable');
    expect(qpipes.bytes.subarray(qpipes.dataOffset).equals(own.bytes.subarray(own.dataOffset))).toBe(true);
    expect(cell('Q4_K_M', 'bytes')).toBe(String(statSync(outPath('Demo-Q4_K_M.gguf')).size));
    const bits =
      own.tensors.reduce((sum, { bytes }) => sum + 8 * bytes, 0) /
      own.tensors.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
    expect(cell('Q4_K_M', 'bpw')).toBe(bits.toFixed(4));
  });
});

/** As the CSV has it. */
function cell(name: string, column: string): string | undefined {
  const [titles, ...lines] = space
    .read('out/demo/report.csv')
    .split('\n')
    .map((line) => line.split(','));
  return lines.find(([first]) => first === name)?.[titles?.indexOf(column) ?? -1];
}

/** llama-perplexity may lose its last lines and exit with 0. */
async function untilPrinted(mark: string, measure: () => Promise<Printed>): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const { stdout, stderr } = await measure();
    if (`${stdout}${stderr}`.includes(mark) || attempt === 3) return `${stdout}\n${stderr}`;
  }
}

describe('the files', () => {
  const published = () => filesBelow(outPath());
  const filesBelow = (folder: string) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map(({ parentPath, name }) => `${parentPath}/${name}`);

  test('hold no path of this machine', () => {
    const imatrices = filesBelow(space.path('out/store/cas')).filter((path) => readFileSync(path).includes('imatrix.chunk_count'));
    expect(imatrices.length).toBeGreaterThan(0);
    for (const path of [...published(), ...imatrices]) {
      const bytes = readFileSync(path);
      for (const folder of [space.root, homedir(), process.cwd()]) expect(bytes.includes(folder), `${folder} in ${path}`).toBe(false);
    }
  });

  test('name the model and no folder under general.*', () => {
    for (const path of published().filter((path) => path.endsWith('.gguf'))) {
      const names = [...readGguf(path).metadata].filter(([key, value]) => key.startsWith('general.') && typeof value === 'string');
      expect(names.find(([key]) => key === 'general.name')?.[1]).toBe('Demo');
      for (const [, value] of names) expect(value).not.toMatch(/[/\\]|[0-9a-f]{40}/);
    }
  });

  test('carry where they come from, in values of at most 127 characters', () => {
    for (const path of published().filter((path) => path.endsWith('.gguf') && !path.endsWith('-F16.gguf'))) {
      const own = [...readGguf(path).metadata].filter(([key]) => key.startsWith('qpipe.'));
      const keys = ['build', 'imatrix', 'recipe', 'source', 'version'].map((key) => `qpipe.${key}`);
      expect(own.map(([key]) => key).sort()).toEqual(keys);
      for (const [, value] of own) expect(String(value).length).toBeLessThanOrEqual(127);
    }
  });
});

describe('the demo model answers', () => {
  interface Questions {
    prompt: string;
    questions: { question: string; required: (string | string[])[] }[];
  }
  const { prompt, questions } = JSON.parse(readFileSync(`${demo.folder}/questions.json`, 'utf8')) as Questions;
  const seen = readFileSync(demo.calibration, 'utf8').split('\n');

  test('ten questions', () => void expect(questions).toHaveLength(10));

  test.each(questions)('$question', async ({ question, required }) => {
    const answer = await ask(prompt.replace('{question}', question));
    for (const words of required.map((word) => [word].flat()))
      expect(
        words.some((word) => new RegExp(`\\b${word}\\b`, 'i').test(answer)),
        `one of ${words} in: ${answer}`,
      ).toBe(true);
    expect(seen).not.toContain(answer);
  });

  /** Greedy, and again while the tool loses its last output. */
  async function ask(text: string): Promise<string> {
    const args = [
      '-m',
      outPath('Demo-F16.gguf'),
      '-p',
      text,
      '-n',
      '80',
      '--temp',
      '0',
      '--seed',
      '1',
      '-no-cnv',
      '--no-display-prompt',
      '-t',
      '2',
    ];
    for (let attempt = 1; ; attempt++) {
      const { stdout } = await runProgram(tools.binaries.completion, args, here);
      if (stdout.includes('[end of text]') || attempt === 3) return (stdout.split('[end of text]')[0] ?? '').trim();
    }
  }
});
