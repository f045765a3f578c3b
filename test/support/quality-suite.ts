import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Lab, Ran, Written } from './lab.ts';
import { hellaswagFile, multipleChoiceFile, winograndeFile } from './questions.ts';

const template = '{% for m in messages %}{{ bos_token if loop.first }}[{{ m.role }}] {{ m.content }}{{ eos_token }}\n{% endfor %}';

/**
 * What can be measured of quality beyond one text, whichever llama.cpp does the work.
 * The pipeline is the one of `pipelineSuite`, with a chat template for its model.
 */
export function qualitySuite(name: string, makeLab: () => Promise<Lab>): void {
  describe(name, () => {
    let lab: Lab;
    const short = { context: 32, chunks: 8 };
    const few: Written = { quants: ['Q8_0', 'Q2_K'], bench: 'none', samples: 'none' };
    const rows = ['base', 'Q8_0', 'Q2_K'];

    beforeAll(async () => {
      lab = await makeLab();
      lab.workspace.write('work/model/chat_template.jinja', template);
      const text = lab.workspace.read('work/evaluation.txt');
      lab.workspace.write('work/code.txt', text.split(' ').toReversed().join(' '));
      lab.workspace.write('work/hellaswag.txt', hellaswagFile(20));
      lab.workspace.write('work/winogrande.csv', winograndeFile(20));
      const question = (i: number) => ({
        text: `Which is number ${i}?`,
        answers: ['one', 'two', 'three', 'four', `the ${i}`],
        right: [i % 5],
      });
      lab.workspace.write('work/questions.bin', multipleChoiceFile(Array.from({ length: 20 }, (_, i) => question(i))));
      for (const use of ['calibration', 'evaluation'])
        lab.workspace.write(`work/${use}.jsonl`, conversations(lab.workspace.read(`work/${use}.txt`)));
      await lab.run(few);
    });
    afterAll(() => lab[Symbol.dispose]());

    describe('further texts', () => {
      const evaluate = [
        { text: 'evaluation.txt', ...short },
        { name: 'code', text: 'code.txt', ...short },
        { name: 'long', text: 'evaluation.txt', context: 64, chunks: 4 },
      ];
      let ran: Ran;
      beforeAll(async () => {
        ran = await lab.run({ ...few, evaluate });
      });

      test('are measured by themselves, and the first one keeps what it has', async () => {
        expect((await lab.run({ ...few, evaluate: evaluate[0] })).ran).toEqual([]);
        const { ran: only } = await lab.run({ ...few, evaluate: evaluate.slice(0, 2) });
        expect(only).toEqual([]);
        expect(ran.ran).toEqual(expect.arrayContaining(['logits:code', 'logits:long', ...rows.map((row) => `divergence:${row}@code`)]));
      });

      test('are slices of every row, with their conditions', () => {
        for (const row of ran.results.rows) {
          expect(row.notMeasured).toEqual({ speed: 'bench: none' });
          expect(Object.keys(row.slices ?? {})).toEqual(['code', 'long']);
          expect(row.slices?.['long']).toMatchObject({ chunks: 4 });
        }
        expect(ran.results.conditions.slices).toMatchObject([
          { name: 'code', text: 'code.txt', ...short },
          { name: 'long', context: 64, chunks: 4 },
        ]);
        expect(ran.row('Q2_K').slices?.['code']?.kld.value).not.toBe(ran.row('Q2_K').quality?.kld.value);
      });

      test('have columns in the reports', () => {
        const report = (file: string) => readFileSync(lab.workspace.path('out', ran.plan.pipeline, file), 'utf8');
        expect(report('report.csv').split('\n')[0]).toContain('kld@code');
        expect(report('report.md')).toContain('KLD on code');
      });
    });

    describe('weights or arithmetic', () => {
      test('the dequantized file is measured on the same recording, and goes', async () => {
        const ran = await lab.run({ ...few, arithmetic: ['Q2_K'] });
        expect(ran.ran).toEqual(['dequantize:Q2_K', 'divergence:Q2_K@dequantized']);
        expect(ran.row('Q2_K').arithmetic?.kld.value).toBeGreaterThanOrEqual(0);
        expect(ran.row('Q8_0').arithmetic).toBeUndefined();
        expect(readdirSync(lab.workspace.path('out', ran.plan.pipeline)).filter((file) => file.includes('dequantized'))).toEqual([]);
        const outcome = ran.result.outcomes.get('dequantize:Q2_K');
        const [file] = outcome && 'record' in outcome ? outcome.record.outputs : [];
        expect(existsSync(lab.store().objectPath(file?.sha256 ?? ''))).toBe(false);
        expect((await lab.run({ ...few, arithmetic: ['Q2_K'] })).ran).toEqual([]);
      });
    });

    describe('questions', () => {
      const choices = {
        hellaswag: { path: 'hellaswag.txt', questions: 10 },
        winogrande: 'winogrande.csv',
        multipleChoice: 'questions.bin',
      };

      test('are put to every row, with what changes against the base', async () => {
        const ran = await lab.run({ ...few, choices });
        expect(ran.ran).toEqual(
          rows.flatMap((row) => ['hellaswag', 'multiple-choice', 'winogrande'].map((task) => `choices:${row}@${task}`)).sort(),
        );
        for (const row of ran.results.rows) {
          expect(row.notMeasured).toEqual({ speed: 'bench: none' });
          expect(row.choices?.map(({ task, questions }) => [task, questions])).toEqual([
            ['hellaswag', 10],
            ['winogrande', 20],
            ['multiple-choice', 20],
          ]);
          for (const { accuracy, flips } of row.choices ?? []) {
            expect(accuracy.value).toBeGreaterThanOrEqual(accuracy.low ?? Number.NaN);
            expect(accuracy.value).toBeLessThanOrEqual(accuracy.high ?? Number.NaN);
            expect(flips === undefined).toBe(row.kind === 'base');
          }
        }
        const [base, quant] = ['base', 'Q2_K'].map((row) => ran.row(row).choices?.[1]);
        const { rightToWrong = 0, wrongToRight = 0 } = quant?.flips ?? {};
        expect(Math.round(((quant?.accuracy.value ?? 0) - (base?.accuracy.value ?? 0)) * 0.2)).toBe(wrongToRight - rightToWrong);
      });
    });

    describe('conversations', () => {
      const chat: Written = {
        ...few,
        imatrix: { text: { chat: 'calibration.jsonl' }, chunks: 2 },
        evaluate: { text: { chat: 'evaluation.jsonl' }, ...short },
      };

      test("are rendered by the model's own template, for the calibration with special tokens", async () => {
        const ran = await lab.run(chat);
        expect(ran.ran).toEqual(expect.arrayContaining(['render:calibration', 'render:evaluation', 'imatrix', 'logits']));
        expect(ran.results.conditions.evaluation).toMatchObject({
          text: 'evaluation.jsonl',
          rendering: expect.stringContaining('plain text'),
        });
        const outcome = ran.result.outcomes.get('render:evaluation');
        const [text] = outcome && 'record' in outcome ? outcome.record.outputs : [];
        expect(readFileSync(lab.store().objectPath(text?.sha256 ?? ''), 'utf8')).toMatch(/^\[user\] [^[]+\n\[assistant\]/);
        const calibrated = ran.result.outcomes.get('imatrix');
        expect(calibrated && 'record' in calibrated ? calibrated.record.commands.flat() : []).toContain('--parse-special');
        expect((await lab.run(chat)).ran).toEqual([]);
      });
    });

    describe('chunks: auto', () => {
      test('takes as many as the comparisons need, does nothing twice, and says why it stopped', async () => {
        const auto = { ...few, evaluate: { text: 'evaluation.txt', context: 32, chunks: 'auto' } };
        const ran = await lab.run(auto);
        const { chosen, chunks } = ran.results.conditions.evaluation ?? {};
        expect(chosen).toBe(`auto: ${chunks}, as every comparison that matters is decided`);
        const rounds = Math.log2(Number(chunks) / 16) + 1;
        const each = ['logits', ...rows.map((row) => `divergence:${row}`)];
        expect(ran.ran).toEqual(
          Array.from({ length: rounds }, () => each)
            .flat()
            .sort(),
        );
        expect(ran.row('Q2_K').quality?.chunks).toBe(chunks);
        expect((await lab.run(auto)).ran).toEqual([]);
      });
    });
  });
}

/** Two lines of a text are what two people say. */
function conversations(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines
    .flatMap((line, i) =>
      i % 2 === 0
        ? [
            {
              messages: [
                { role: 'user', content: line },
                { role: 'assistant', content: lines[i + 1] ?? 'Yes.' },
              ],
            },
          ]
        : [],
    )
    .map((conversation) => `${JSON.stringify(conversation)}\n`)
    .join('');
}
